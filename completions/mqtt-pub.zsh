#compdef mqtt-pub
# zsh completion for mqtt-pub; made by mqtt-pub --generate
local program=${(Q)words[1]}
_arguments -s -S \
    '-t+[topic to publish to]:TOPIC: ' \
    '--topic=[topic to publish to]:TOPIC: ' \
    '-m+[publish TEXT]:TEXT: ' \
    '--message=[publish TEXT]:TEXT: ' \
    '*-f+[publish the content of FILE as one message; may be given several times]:FILE:_files' \
    '*--file=[publish the content of FILE as one message; may be given several times]:FILE:_files' \
    '-s[publish all of standard input as one message]' \
    '--stdin-file[publish all of standard input as one message]' \
    '-l[publish every line of standard input as a message]' \
    '--stdin-line[publish every line of standard input as a message]' \
    '--lines[publish every line of standard input as a message]' \
    '-n[publish an empty message; with -r it clears the retained one]' \
    '--null-message[publish an empty message; with -r it clears the retained one]' \
    '-q+[quality of service]:QOS:(0 1 2)' \
    '--qos=[quality of service]:QOS:(0 1 2)' \
    '-r[ask the broker to keep the message for later subscribers]' \
    '--retain[ask the broker to keep the message for later subscribers]' \
    '--repeat=[publish the message N times]:N: ' \
    '--count=[publish the message N times]:N: ' \
    '--repeat-delay=[with --repeat\: pause after the delivery of each message]:DURATION: ' \
    '--remove-retained[clear the retained message of the topic; with -l, of every topic in a line]' \
    '--template[fill in {n}, {uuid}, {time} and others in -t and -m]' \
    '*--var=[with --template\: what {NAME} stands for; may be given several times]:NAME=VALUE: ' \
    '--input-encoding=[what -m, -f, -s and -l bring is text in this encoding of the payload]:ENCODING:(raw hex base64)' \
    '--wire-encoding=[encode payloads for the way to the subscriber, which has to decode them]:ENCODING:(raw hex base64)' \
    '--from-json=-[publish message records, as mqtt-sub --json prints them, from FILE or stdin]::FILE:_files' \
    '--keep-going[with --from-json\: pass over lines that are no records, and say so at the end]' \
    '--pace=[with --from-json\: original timing, a multiple such as 10x, or max]:PACE: ' \
    '--loop=-[with --from-json FILE\: N times, or for ever]::N: ' \
    '*--rewrite=[publish messages whose topic matches FROM to TO instead]:FROM TO: ' \
    '--topic-sep=[with -l\: lines are topic, TEXT, payload, as mqtt-sub -v prints them]:TEXT: ' \
    '-0[with -l\: messages end with NUL, not with a newline]' \
    '--null[with -l\: messages end with NUL, not with a newline]' \
    '--rate=[at most so many messages a second, evenly\: 100/s, 5k/s, 10/m]:RATE: ' \
    '--expiry=[how long the broker shall keep the message for those who are away]:DURATION: ' \
    '--content-type=[what the payload is, such as application/json]:TYPE: ' \
    '--response-topic=[where an answer is expected]:TOPIC: ' \
    '*--user-property=[a pair of the sender'\''s own; may be given several times]:NAME=VALUE: ' \
    '--require-subscriber[fail when a message has no subscriber; needs -q 1 or 2]' \
    '--request[wait for an answer to each message and print it; needs -e]' \
    '-e+[with --request\: where answers are sent to]:TOPIC: ' \
    '--response-to=[with --request\: where answers are sent to]:TOPIC: ' \
    '--match=[with --request\: an answer must contain TEXT; --template fills it in]:TEXT: ' \
    '--latency[with --request\: say how long each answer took]' \
    '-F+[with --request\: how answers are printed, see mqtt-sub(1)]:FORMAT: ' \
    '--format=[with --request\: how answers are printed, see mqtt-sub(1)]:FORMAT: ' \
    '-N[with --request\: no newline after an answer]' \
    '--no-newline[with --request\: no newline after an answer]' \
    '--pretty[with --request and %j or %J in -F\: JSON over several lines]' \
    '-R[with --request\: let the broker send no retained messages (MQTT 5)]' \
    '--no-retained[with --request\: let the broker send no retained messages (MQTT 5)]' \
    '--retain-as-published[with --request\: subscribe with this option of MQTT 5]' \
    '--retain-handling=[with --request\: when the broker sends retained messages (MQTT 5)]:WHEN:(always new never)' \
    '--outbox=[keep messages in FILE until the broker has them]:FILE:_files' \
    '--outbox-only[only put messages into the file; do not connect]' \
    '--outbox-status[print what the file holds, as one line of JSON, and end]' \
    '--outbox-limit=[how much may wait in the file]:SIZE: ' \
    '-W+[end with 124 when all is not done by then, connecting included]:DURATION: ' \
    '--timeout=[end with 124 when all is not done by then, connecting included]:DURATION: ' \
    '-v[say on stderr at the end how much was published]' \
    '--verbose[say on stderr at the end how much was published]' \
    '--no-progress[no line of progress on a terminal]' \
    '-h+[host name or address of the broker; several are tried in order]:HOST\[,HOST\]...:_hosts' \
    '--host=[host name or address of the broker; several are tried in order]:HOST\[,HOST\]...:_hosts' \
    '-p+[port of the broker; 8883 turns TLS on]:PORT: ' \
    '--port=[port of the broker; 8883 turns TLS on]:PORT: ' \
    '*-L+[broker as a URL, mqtt\[s\]\://\[USER\[\:PASSWORD\]@\]HOST\[\:PORT\]\[/TOPIC\] or ws\[s\]\://...]:URL: ' \
    '*--url=[broker as a URL, mqtt\[s\]\://\[USER\[\:PASSWORD\]@\]HOST\[\:PORT\]\[/TOPIC\] or ws\[s\]\://...]:URL: ' \
    '--unix=[connect to a Unix socket]:PATH:_files' \
    '--url-file=[file with the URL, read before every attempt to connect]:FILE:_files' \
    '--url-command=[command that prints the URL, run before every attempt to connect]:COMMAND: ' \
    '--proxy=[connect through a proxy, socks5h\://\[USER\[\:PASSWORD\]@\]HOST\[\:PORT\] or http\://...]:URL: ' \
    '--srv[the host is a domain whose DNS service records name the brokers]' \
    '-A+[local address to connect from]:ADDRESS: ' \
    '--bind=[local address to connect from]:ADDRESS: ' \
    '-4[use IPv4 addresses only]' \
    '--ipv4[use IPv4 addresses only]' \
    '-6[use IPv6 addresses only]' \
    '--ipv6[use IPv6 addresses only]' \
    '-k+[keep-alive interval, 0 for off]:SECONDS: ' \
    '--keepalive=[keep-alive interval, 0 for off]:SECONDS: ' \
    '--keep-alive=[keep-alive interval, 0 for off]:SECONDS: ' \
    '--nodelay[send small packets at once (TCP_NODELAY), which is the default]' \
    '--no-nodelay[let the system collect small packets]' \
    '--no-batching[handle every packet the moment it comes, at a higher cost]' \
    '--connect-timeout=[limit for all phases of connecting together, 0 for none]:DURATION: ' \
    '--resolve-timeout=[limit for finding the host'\''s addresses]:DURATION: ' \
    '--tcp-timeout=[limit for the TCP connection to one address]:DURATION: ' \
    '--proxy-timeout=[limit for the dialogue with the proxy]:DURATION: ' \
    '--tls-timeout=[limit for the TLS handshake]:DURATION: ' \
    '--ws-timeout=[limit for the WebSocket upgrade]:DURATION: ' \
    '--mqtt-timeout=[limit for the broker'\''s answer to CONNECT]:DURATION: ' \
    '--ping-timeout=[limit for the broker'\''s answer to a ping, 0 for none]:DURATION: ' \
    '-u+[user name]:USER: ' \
    '--username=[user name]:USER: ' \
    '-P+[password; other users may see it, --password-file is safer]:PASSWORD: ' \
    '--password=[password; other users may see it, --password-file is safer]:PASSWORD: ' \
    '--pw=[password; other users may see it, --password-file is safer]:PASSWORD: ' \
    '--username-file=[file with the user name, read before every attempt to connect]:FILE:_files' \
    '--username-command=[command that prints the user name, run before every attempt to connect]:COMMAND: ' \
    '--password-file=[file with the password, read before every attempt to connect]:FILE:_files' \
    '--password-command=[command that prints the password, run before every attempt to connect]:COMMAND: ' \
    '--prompt[ask for the password on the terminal]' \
    '--cafile=[certificates to trust (PEM); turns TLS on]:FILE:_files' \
    '--capath=[hashed directory of certificates to trust; turns TLS on]:DIRECTORY:_files -/' \
    '--cert=[client certificate (PEM); turns TLS on]:FILE:_files' \
    '--key=[key of the client certificate (PEM)]:FILE:_files' \
    '--key-passphrase=[passphrase of the key]:TEXT: ' \
    '--key-passphrase-file=[file with the passphrase of the key]:FILE:_files' \
    '--key-passphrase-command=[command that prints the passphrase of the key, run once]:COMMAND: ' \
    '--key-passphrase-prompt[ask for the passphrase of the key on the terminal]' \
    '--keyform=[what --key names\: a PEM file, or a key in the engine (--tls-engine)]:FORM:(pem engine)' \
    '--tls-engine=[engine of OpenSSL to use, such as pkcs11]:ENGINE: ' \
    '--tls-engine-kpass-sha1=[SHA-1 of the key'\''s password in hexadecimal, for engines that take that]:HEX: ' \
    '--insecure[do not verify the broker'\''s certificate; for tests only]' \
    '--server-name=[name to ask for (SNI) and to verify instead of the host'\''s]:NAME:_hosts' \
    '--tls-use-os-certs[trust the system'\''s store, also beside --cafile and --capath; turns TLS on]' \
    '--no-tls[no TLS, whatever the port and the other options say]' \
    '--tls-version=[lowest TLS version to accept]:VERSION: ' \
    '--tls-max-version=[highest TLS version to accept]:VERSION: ' \
    '*--tls-alpn=[application protocol to offer (ALPN), such as x-amzn-mqtt-ca or mqtt]:PROTOCOL: ' \
    '--ciphers=[ciphers for TLS 1.2 and below, as OpenSSL writes them]:LIST: ' \
    '--tls13-ciphers=[cipher suites for TLS 1.3, as OpenSSL writes them]:LIST: ' \
    '--crl=[revocation lists (PEM) to check the broker'\''s certificate against]:FILE:_files' \
    '--psk=[pre-shared key in hexadecimal; turns TLS on]:HEX: ' \
    '--psk-file=[file with the pre-shared key in hexadecimal; turns TLS on]:FILE:_files' \
    '--psk-identity=[name of the pre-shared key]:NAME: ' \
    '--tls-keylog=[append the session keys to this file, for Wireshark]:FILE:_files' \
    '--ws[speak MQTT over WebSocket with the host given by -h]' \
    '--ws-path=[path and query of the HTTP request]:PATH: ' \
    '*--ws-header=[header of the HTTP request, '\''Name\: value'\''; @FILE reads them from a file]:HEADER: ' \
    '-i+[client id; an empty one lets the broker choose]:ID: ' \
    '--id=[client id; an empty one lets the broker choose]:ID: ' \
    '-I+[client id made of this and the process id]:PREFIX: ' \
    '--id-prefix=[client id made of this and the process id]:PREFIX: ' \
    '-c[keep the session\: resume the stored one, let the broker store it (needs -i)]' \
    '--no-clean[keep the session\: resume the stored one, let the broker store it (needs -i)]' \
    '--disable-clean-session[keep the session\: resume the stored one, let the broker store it (needs -i)]' \
    '-x+[how long the broker keeps the session after the connection, or '\''never'\'' expires]:SECONDS: ' \
    '--session-expiry=[how long the broker keeps the session after the connection, or '\''never'\'' expires]:SECONDS: ' \
    '-V+[MQTT version\: 3.1, 3.1.1 or 5]:VERSION:(3.1 3.1.1 5)' \
    '--protocol-version=[MQTT version\: 3.1, 3.1.1 or 5]:VERSION:(3.1 3.1.1 5)' \
    '*-D+[MQTT 5 property, such as -D publish content-type text/plain]:PACKET NAME VALUE: ' \
    '*--property=[MQTT 5 property, such as -D publish content-type text/plain]:PACKET NAME VALUE: ' \
    '-M+[how many messages of QoS 1 and 2 may wait for their acknowledgement]:N: ' \
    '--max-inflight=[how many messages of QoS 1 and 2 may wait for their acknowledgement]:N: ' \
    '--resubscribe=[subscribe again on reconnection\: always, or auto\: unless the session was kept]:WHEN:(auto always)' \
    '--disconnect=[how to end\: normal, with-will, or abrupt\: without a word]:HOW:(normal with-will abrupt)' \
    '--will-topic=[topic of the will, which the broker publishes when we vanish]:TOPIC: ' \
    '--will-payload=[payload of the will]:TEXT: ' \
    '--will-file=[file with the payload of the will]:FILE:_files' \
    '--will-base64=[payload of the will in base64, decoded before it is sent]:TEXT: ' \
    '--will-qos=[QoS of the will]:QOS:(0 1 2)' \
    '--will-retain[have the broker retain the will]' \
    '--will-delay=[how long the broker waits before it publishes the will]:SECONDS: ' \
    '--birth-topic=[topic of a message that is published after each connection]:TOPIC: ' \
    '--birth-payload=[payload of the birth message]:TEXT: ' \
    '--birth-qos=[QoS of the birth message]:QOS:(0 1 2)' \
    '--birth-retain[have the broker retain the birth message]' \
    '--retry=-[keep trying when the first connection fails, for ever or so long]::DURATION: ' \
    '--reconnect[connect again when a connection is lost]' \
    '--no-reconnect[end with an error when a connection is lost]' \
    '--reconnect-interval=[wait before the next attempt; doubles each time, 0 for none]:DURATION: ' \
    '--max-reconnect-interval=[the longest wait before the next attempt]:DURATION: ' \
    '-d[show on stderr what happens]' \
    '--debug[show on stderr what happens]' \
    '--trace=-[show every packet on stderr with all its fields, with =hex its octets]::hex:(hex)' \
    '--summary=[say on stderr at the end how the connection was made\: json or text]:FORM:(json text)' \
    '--quiet[say nothing on stderr but what is wrong with the options]' \
    '--color=[colour\: auto, always or never]:WHEN:(auto always never)' \
    '--colour=[colour\: auto, always or never]:WHEN:(auto always never)' \
    '--profile=[use the options of a profile; @NAME means the same]:NAME:{compadd -- ${(f)"$($~program --list-profiles 2>/dev/null | cut -f1)"}}' \
    '--config=[file of profiles instead of the usual two]:FILE:_files' \
    '--show-config[show which options are in force and where they come from, and end]' \
    '--list-profiles[show the names of all profiles, and end]' \
    '--publish-timeout=[how long a message may stay unacknowledged while connected, 0 for ever]:DURATION: ' \
    '--queue-size=[how many messages of QoS 1 and 2 are accepted while not connected]:N: ' \
    '--when-full=[what happens when the queue is full\: block, drop-oldest or error]:WHAT:(block drop-oldest error)' \
    '--engine=[which implementation of MQTT to use\: native or paho]:ENGINE:(native paho)' \
    '-o+[read options from FILE, one a line]:FILE:_files' \
    '--options=[read options from FILE, one a line]:FILE:_files' \
    '--help=-[show the usual options, or all of them]::all:(all)' \
    '--version[show the version, engines, libraries and features]' \
    '*:profile:{compadd -P @ -- ${(f)"$($~program --list-profiles 2>/dev/null | cut -f1)"}}' \
    && return 0
