#compdef mqtt-inspect
# zsh completion for mqtt-inspect; made by mqtt-inspect --generate
local program=${(Q)words[1]}
local -a common
common=( \
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
    '--help=-[show the usual options, or all of them]::all:(all)' \
    '--version[show the version, engines, libraries and features]' \
    '*:profile:{compadd -P @ -- ${(f)"$($~program --list-profiles 2>/dev/null | cut -f1)"}}' \
)
_mqtt_inspect_connect() {
  _arguments -s -S $common \
    '--json[print the report as JSON (schema mqtt-inspect.connect/1)]' \
    '--no-variants[after a failure do not try what else might work]' \
    '--safe[publish nothing\: end after SUBSCRIBE]' \
    '-q+[publish at this quality of service only]:QOS:(0 1 2)' \
    '--qos=[publish at this quality of service only]:QOS:(0 1 2)' \
    '-s+[octets of the payload that is published]:SIZE: ' \
    '--size=[octets of the payload that is published]:SIZE: ' \
    '-r[publish with the retain flag, and clear the message afterwards]' \
    '--retain[publish with the retain flag, and clear the message afterwards]' \
    '-t+[publish to this topic; others that subscribe to it see the messages]:TOPIC: ' \
    '--topic=[publish to this topic; others that subscribe to it see the messages]:TOPIC: ' \
    '--topic-prefix=[what the random topic begins with, where access is limited]:PREFIX: ' \
    && return 0
}
_mqtt_inspect_caps() {
  _arguments -s -S $common \
    '--json[print the report as JSON (schema mqtt-inspect.caps/1)]' \
    '--safe[publish nothing\: what needs a message is not tested]' \
    '--slow[test also what takes seconds or is hard on a broker]' \
    '--compare=[probe this broker too, and show both side by side]:URL: ' \
    '--topic-prefix=[what the random topic begins with, where access is limited]:PREFIX: ' \
    '--max-probe-size=[the largest packet that is tried]:SIZE: ' \
    && return 0
}
_mqtt_inspect_check() {
  _arguments -s -S $common \
    '--format=[a monitoring plugin'\''s line, Prometheus text, or JSON]:FORMAT:(nagios prometheus json)' \
    '--json[as --format json (schema mqtt-inspect.check/1)]' \
    '--output=[write it there, as a whole, instead of to the standard output]:FILE:_files' \
    '--safe[publish nothing\: no round trip]' \
    '-t+[look at this topic too\: its age, or a value in its payload]:TOPIC: ' \
    '--topic=[look at this topic too\: its age, or a value in its payload]:TOPIC: ' \
    '--time-at=[where in the payload its time stands; a retained message will do then]:PATH: ' \
    '--value-at=[where in the payload a number stands that has thresholds]:PATH: ' \
    '*--sys=[a value under $SYS, by its fixed name or its topic, with ranges]:NAME=WARN,CRIT: ' \
    '--topic-prefix=[what the random topic begins with, where access is limited]:PREFIX: ' \
    '--patience=[how long each answer may take]:DURATION: ' \
    '--connect-warn=[connecting takes longer]:DURATION: ' \
    '--connect-crit=[connecting takes longer]:DURATION: ' \
    '--rtt-warn=[the round trip takes longer]:DURATION: ' \
    '--rtt-crit=[the round trip takes longer]:DURATION: ' \
    '--cert-warn=[a certificate is valid for less]:DURATION: ' \
    '--cert-crit=[a certificate is valid for less]:DURATION: ' \
    '--age-warn=[the topic is silent for longer]:DURATION: ' \
    '--age-crit=[the topic is silent for longer]:DURATION: ' \
    '--value-warn=[alert outside of it\: 10, 10\:, ~\:10, 10\:20; inside\: @10\:20]:RANGE: ' \
    '--value-crit=[alert outside of it\: 10, 10\:, ~\:10, 10\:20; inside\: @10\:20]:RANGE: ' \
    && return 0
}
_mqtt_inspect_topics() {
  _arguments -s -S $common \
    '*-t+[listen to this topic or filter]:FILTER: ' \
    '*--topic=[listen to this topic or filter]:FILTER: ' \
    '--for=[listen for so long; 0\: until interrupted]:DURATION: ' \
    '--sort=[what comes first]:ORDER:(count rate bytes size age name)' \
    '--top=[show so many topics; 0\: all]:N: ' \
    '--tree=[also the tree, with sums, down to this level]:DEPTH: ' \
    '-q+[quality of service asked for]:QOS:(0 1 2)' \
    '--qos=[quality of service asked for]:QOS:(0 1 2)' \
    '--max-topics=[topics that are told apart; messages of others are only counted]:N: ' \
    '--max-memory=[memory for topics and payloads, about]:SIZE: ' \
    '--max-payload=[octets kept of the last payload of each topic]:SIZE: ' \
    '--json[print the result as JSON (schema mqtt-inspect.topics/1)]' \
    && return 0
}
_mqtt_inspect_top() {
  _arguments -s -S $common \
    '*-t+[listen to this topic or filter]:FILTER: ' \
    '*--topic=[listen to this topic or filter]:FILTER: ' \
    '--allow-write[let the key d clear retained messages]' \
    '--max-topics=[topics that are told apart; messages of others are only counted]:N: ' \
    && return 0
}
_mqtt_inspect_retained() {
  _arguments -s -S $common \
    '--action=[what to do; the first such word is taken as it]:ACTION:(list clean backup restore)' \
    '*-t+[those under this topic or filter]:FILTER: ' \
    '*--topic=[those under this topic or filter]:FILTER: ' \
    '--match=[only those whose topic this expression matches somewhere]:REGEX: ' \
    '--payload=[only those whose payload this expression matches somewhere]:REGEX: ' \
    '--yes[clear or restore them, instead of saying what would be done]' \
    '-f+[message records\: written by backup and clean, read by restore]:FILE:_files' \
    '--file=[message records\: written by backup and clean, read by restore]:FILE:_files' \
    '--quiet-time=[all have come when none came for so long]:DURATION: ' \
    '--json[print the result as JSON (schema mqtt-inspect.retained/1)]' \
    && return 0
}
_mqtt_inspect_trace() {
  _arguments -s -S $common \
    '--listen=[relay what connects here to the broker\: 127.0.0.1\:1884, or a port]:ADDRESS: ' \
    '--read=[decode a capture (pcap, pcapng), octets, or hex text; -\: standard input]:FILE:_files' \
    '--write=[also write what passes to a pcapng file, in the clear]:FILE:_files' \
    '--show=[a line for a packet, its fields, or its fields beside their octets]:DETAIL:(lines fields octets)' \
    '--max-value=[octets shown of a payload or other value; 0\: all]:SIZE: ' \
    '--show-secrets[show passwords and authentication data]' \
    '--listen-cert=[speak TLS to what connects, with this certificate]:FILE:_files' \
    '--listen-key=[the key of --listen-cert]:FILE:_files' \
    '--listen-ws[speak WebSocket to what connects]' \
    '--json[print each packet as a line of JSON (schema mqtt-inspect.trace/1)]' \
    && return 0
}
_mqtt_inspect_ping() {
  _arguments -s -S $common \
    '--count=[so many round trips of each kind; 0\: until interrupted]:N: ' \
    '--interval=[from the beginning of one to that of the next]:DURATION: ' \
    '--patience=[after so long without an answer one counts as lost]:DURATION: ' \
    '--safe[publish nothing\: PINGREQ only]' \
    '-q+[quality of service of the messages]:QOS:(0 1 2)' \
    '--qos=[quality of service of the messages]:QOS:(0 1 2)' \
    '-s+[octets of their payload]:SIZE: ' \
    '--size=[octets of their payload]:SIZE: ' \
    '--topic-prefix=[what the random topic begins with, where access is limited]:PREFIX: ' \
    '--json[print the result as JSON (schema mqtt-inspect.ping/1)]' \
    && return 0
}
_mqtt_inspect_sys() {
  _arguments -s -S $common \
    '--for=[listen for so long and show how fast values change]:DURATION: ' \
    '-a[also every topic as it came, below the values with fixed names]' \
    '--all[also every topic as it came, below the values with fixed names]' \
    '--json[print the result as JSON (schema mqtt-inspect.sys/1)]' \
    && return 0
}
_mqtt_inspect_watch() {
  _arguments -s -S $common \
    '*-t+[watch this topic or filter]:FILTER: ' \
    '*--topic=[watch this topic or filter]:FILTER: ' \
    '--path=[follow the number there\: .a.b\[2\].c]:PATH: ' \
    '-C+[end after so many messages]:N: ' \
    '--count=[end after so many messages]:N: ' \
    '--for=[end after so long]:DURATION: ' \
    '--json[print each message as a line of JSON (schema mqtt-inspect.watch/1)]' \
    && return 0
}
_mqtt_inspect_tls() {
  _arguments -s -S $common \
    '--warn=[warn about a certificate that is valid for less]:DURATION: ' \
    '--crit=[exit with 1 when one is valid for less]:DURATION: ' \
    '--json[print the result as JSON (schema mqtt-inspect.tls/1)]' \
    && return 0
}
_mqtt_inspect_session() {
  _arguments -s -S $common \
    '--delete[delete it, and verify that it is gone]' \
    '--json[print the result as JSON (schema mqtt-inspect.session/1)]' \
    && return 0
}
_mqtt_inspect_acl() {
  _arguments -s -S $common \
    '*-t+[try this topic or filter]:FILTER: ' \
    '*--topic=[try this topic or filter]:FILTER: ' \
    '--safe[publish nothing\: subscribe only]' \
    '--json[print the result as JSON (schema mqtt-inspect.acl/1)]' \
    && return 0
}
if (( CURRENT == 2 )) && [[ ${words[2]} != -* ]]; then
  _values subcommand \
    'connect[connect phase by phase and say what is wrong]' \
    'caps[find out what a broker can do, declared and observed]' \
    'check[a check for monitoring: Nagios plugin, Prometheus text, JSON]' \
    'topics[what is on which topic: counts, rates, sizes, last payloads]' \
    'top[the topics of a broker, live, on a full screen]' \
    'retained[list, clear, back up and restore retained messages]' \
    'trace[show every packet of a device, or of a capture, field by field]' \
    'ping[measure round trips: PINGREQ, and a message to ourselves]' \
    'sys[show what the broker says of itself under $SYS]' \
    'watch[follow a topic: what changed, and how its number goes]' \
    'tls[show the certificates of a server, and how long they are valid]' \
    'session[is a session stored under a client id, and what waits in it]' \
    'acl[find out what these credentials may publish, subscribe and receive]'
  return
fi
case ${words[2]} in
  connect) shift words; (( CURRENT-- )); _mqtt_inspect_connect ;;
  caps) shift words; (( CURRENT-- )); _mqtt_inspect_caps ;;
  check) shift words; (( CURRENT-- )); _mqtt_inspect_check ;;
  topics) shift words; (( CURRENT-- )); _mqtt_inspect_topics ;;
  top) shift words; (( CURRENT-- )); _mqtt_inspect_top ;;
  retained) shift words; (( CURRENT-- )); _mqtt_inspect_retained ;;
  trace) shift words; (( CURRENT-- )); _mqtt_inspect_trace ;;
  ping) shift words; (( CURRENT-- )); _mqtt_inspect_ping ;;
  sys) shift words; (( CURRENT-- )); _mqtt_inspect_sys ;;
  watch) shift words; (( CURRENT-- )); _mqtt_inspect_watch ;;
  tls) shift words; (( CURRENT-- )); _mqtt_inspect_tls ;;
  session) shift words; (( CURRENT-- )); _mqtt_inspect_session ;;
  acl) shift words; (( CURRENT-- )); _mqtt_inspect_acl ;;
  *) _mqtt_inspect_connect ;;
esac
