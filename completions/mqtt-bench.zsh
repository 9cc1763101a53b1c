#compdef mqtt-bench
# zsh completion for mqtt-bench; made by mqtt-bench --generate
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
    '--id-prefix=[client id made of this and the process id]:PREFIX: ' \
    '--no-clean[keep the session\: resume the stored one, let the broker store it (needs -i)]' \
    '--disable-clean-session[keep the session\: resume the stored one, let the broker store it (needs -i)]' \
    '--session-expiry=[how long the broker keeps the session after the connection, or '\''never'\'' expires]:SECONDS: ' \
    '-V+[MQTT version\: 3.1, 3.1.1 or 5]:VERSION:(3.1 3.1.1 5)' \
    '--protocol-version=[MQTT version\: 3.1, 3.1.1 or 5]:VERSION:(3.1 3.1.1 5)' \
    '*--property=[MQTT 5 property, such as -D publish content-type text/plain]:PACKET NAME VALUE: ' \
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
_mqtt_bench_connect() {
  _arguments -s -S $common \
    '--duration=[how long to hold the connections]:DURATION: ' \
    '--storm=[cut all connections every INTERVAL, and make them again at once]:INTERVAL: ' \
    '--ping-interval=[each client pings so often, and the answer is timed]:DURATION: ' \
    '-c+[how many clients]:N: ' \
    '--clients=[how many clients]:N: ' \
    '--connect-rate=[connections to begin in a second, as in 500/s]:RATE: ' \
    '--connect-window=[how many connections may be in the making at a time]:N: ' \
    '--credentials=[CSV file of client_id,username,password, a line for each client]:FILE:_files' \
    '--first-index=[what %i begins with]:N: ' \
    '--threads=[worker threads; 0\: as many as there are cores]:N: ' \
    '*--source=[local addresses to connect from, in turn]:ADDRESS\[-LAST\]: ' \
    '--shard=[this process is number I (from 1) of N that share the load]:I/N: ' \
    '--start-at=[begin the traffic then\: Unix time, 2026-12-31T23\:59\:00Z, or +10s]:TIME: ' \
    '--seed=[of everything random; the same for shards of one run]:N: ' \
    '--plan[say what the run would cause and whether this machine can, and connect nothing]' \
    '--json=[write the result as JSON; - is standard output]:FILE:_files' \
    '--csv=[write a line of figures for each second]:FILE:_files' \
    '--hlog=[write the latencies as a HdrHistogram log]:FILE:_files' \
    '*--assert=[end with 1 unless it holds, as in '\''e2e.p99<20ms'\'']:EXPRESSION: ' \
    '--repeat=[do it N times; tell medians and their confidence intervals]:N: ' \
    '--engine=[which implementation of MQTT to use\: native or paho]:ENGINE:(native paho)' \
    && return 0
}
_mqtt_bench_publish() {
  _arguments -s -S $common \
    '-r+[messages a second of all publishers together, as in 50k/s]:RATE: ' \
    '--rate=[messages a second of all publishers together, as in 50k/s]:RATE: ' \
    '--interval=[time between two messages of one publisher, instead of --rate]:DURATION: ' \
    '--stages=[TOML file of stages with constant or rising rates]:FILE:_files' \
    '--inflight=[unacknowledged messages that a publisher may have]:W: ' \
    '-n+[messages of all publishers together, then the end]:N: ' \
    '--count=[messages of all publishers together, then the end]:N: ' \
    '--duration=[how long to measure]:DURATION: ' \
    '--warmup=[traffic before the measurement that does not count]:DURATION: ' \
    '--drain=[how long to wait for a next delivery or acknowledgement at the end]:DURATION: ' \
    '-c+[how many clients]:N: ' \
    '--clients=[how many clients]:N: ' \
    '--connect-rate=[connections to begin in a second, as in 500/s]:RATE: ' \
    '--connect-window=[how many connections may be in the making at a time]:N: ' \
    '--credentials=[CSV file of client_id,username,password, a line for each client]:FILE:_files' \
    '--first-index=[what %i begins with]:N: ' \
    '-t+[topic; %i is the client'\''s number]:TOPIC: ' \
    '--topic=[topic; %i is the client'\''s number]:TOPIC: ' \
    '-q+[quality of service]:QOS:(0 1 2)' \
    '--qos=[quality of service]:QOS:(0 1 2)' \
    '-s+[octets of a payload]:SIZE: ' \
    '--size=[octets of a payload]:SIZE: ' \
    '*--message=[payload; several are sent in turn]:TEXT: ' \
    '*--file=[file whose content is a payload]:FILE:_files' \
    '--template[in --message and --file, %i %c and %n (the message'\''s number) are filled]' \
    '--stamp[put stream, number and time (28 octets) before --message and --file]' \
    '--retain[set the retain flag]' \
    '--threads=[worker threads; 0\: as many as there are cores]:N: ' \
    '*--source=[local addresses to connect from, in turn]:ADDRESS\[-LAST\]: ' \
    '--shard=[this process is number I (from 1) of N that share the load]:I/N: ' \
    '--start-at=[begin the traffic then\: Unix time, 2026-12-31T23\:59\:00Z, or +10s]:TIME: ' \
    '--seed=[of everything random; the same for shards of one run]:N: ' \
    '--plan[say what the run would cause and whether this machine can, and connect nothing]' \
    '--json=[write the result as JSON; - is standard output]:FILE:_files' \
    '--csv=[write a line of figures for each second]:FILE:_files' \
    '--hlog=[write the latencies as a HdrHistogram log]:FILE:_files' \
    '*--assert=[end with 1 unless it holds, as in '\''e2e.p99<20ms'\'']:EXPRESSION: ' \
    '--repeat=[do it N times; tell medians and their confidence intervals]:N: ' \
    '--sys-check[compare with what the broker counted in $SYS, as mosquitto has it]' \
    '--engine=[which implementation of MQTT to use\: native or paho]:ENGINE:(native paho)' \
    && return 0
}
_mqtt_bench_subscribe() {
  _arguments -s -S $common \
    '-n+[messages to receive, then the end]:N: ' \
    '--count=[messages to receive, then the end]:N: ' \
    '--duration=[how long to measure]:DURATION: ' \
    '--warmup=[traffic before the measurement that does not count]:DURATION: ' \
    '--drain=[how long to wait for a next delivery or acknowledgement at the end]:DURATION: ' \
    '-c+[how many clients]:N: ' \
    '--clients=[how many clients]:N: ' \
    '--connect-rate=[connections to begin in a second, as in 500/s]:RATE: ' \
    '--connect-window=[how many connections may be in the making at a time]:N: ' \
    '--credentials=[CSV file of client_id,username,password, a line for each client]:FILE:_files' \
    '--first-index=[what %i begins with]:N: ' \
    '-t+[filter to subscribe to; %i is the client'\''s number]:TOPIC: ' \
    '--topic=[filter to subscribe to; %i is the client'\''s number]:TOPIC: ' \
    '-q+[quality of service]:QOS:(0 1 2)' \
    '--qos=[quality of service]:QOS:(0 1 2)' \
    '--threads=[worker threads; 0\: as many as there are cores]:N: ' \
    '*--source=[local addresses to connect from, in turn]:ADDRESS\[-LAST\]: ' \
    '--shard=[this process is number I (from 1) of N that share the load]:I/N: ' \
    '--start-at=[begin the traffic then\: Unix time, 2026-12-31T23\:59\:00Z, or +10s]:TIME: ' \
    '--seed=[of everything random; the same for shards of one run]:N: ' \
    '--plan[say what the run would cause and whether this machine can, and connect nothing]' \
    '--json=[write the result as JSON; - is standard output]:FILE:_files' \
    '--csv=[write a line of figures for each second]:FILE:_files' \
    '--hlog=[write the latencies as a HdrHistogram log]:FILE:_files' \
    '*--assert=[end with 1 unless it holds, as in '\''e2e.p99<20ms'\'']:EXPRESSION: ' \
    '--repeat=[do it N times; tell medians and their confidence intervals]:N: ' \
    '--sys-check[compare with what the broker counted in $SYS, as mosquitto has it]' \
    '--engine=[which implementation of MQTT to use\: native or paho]:ENGINE:(native paho)' \
    && return 0
}
_mqtt_bench_pubsub() {
  _arguments -s -S $common \
    '-r+[messages a second of all publishers together, as in 50k/s]:RATE: ' \
    '--rate=[messages a second of all publishers together, as in 50k/s]:RATE: ' \
    '--interval=[time between two messages of one publisher, instead of --rate]:DURATION: ' \
    '--stages=[TOML file of stages with constant or rising rates]:FILE:_files' \
    '--inflight=[unacknowledged messages that a publisher may have]:W: ' \
    '-n+[messages of all publishers together, then the end]:N: ' \
    '--count=[messages of all publishers together, then the end]:N: ' \
    '--duration=[how long to measure]:DURATION: ' \
    '--warmup=[traffic before the measurement that does not count]:DURATION: ' \
    '--drain=[how long to wait for a next delivery or acknowledgement at the end]:DURATION: ' \
    '-c+[how many clients]:N: ' \
    '--clients=[how many clients]:N: ' \
    '--topology=[who receives whose messages\: pair, fan-in, fan-out or shared]:KIND:(pair fan-in fan-out shared)' \
    '--publishers=[how many publish]:P: ' \
    '--subscribers=[how many subscribe]:S: ' \
    '--sub-host=[where subscribers connect to, when that is another broker or node]:HOST\[\:PORT\],...: ' \
    '--connect-rate=[connections to begin in a second, as in 500/s]:RATE: ' \
    '--connect-window=[how many connections may be in the making at a time]:N: ' \
    '--credentials=[CSV file of client_id,username,password, a line for each client]:FILE:_files' \
    '--first-index=[what %i begins with]:N: ' \
    '-t+[topic; %i is the client'\''s number]:TOPIC: ' \
    '--topic=[topic; %i is the client'\''s number]:TOPIC: ' \
    '--filter=[filter of the subscribers, when it does not follow from the topic]:FILTER: ' \
    '--group=[name of the shared subscription'\''s group]:NAME: ' \
    '-q+[quality of service]:QOS:(0 1 2)' \
    '--qos=[quality of service]:QOS:(0 1 2)' \
    '--sub-qos=[quality of service of the subscriptions]:QOS:(0 1 2)' \
    '-s+[octets of a payload]:SIZE: ' \
    '--size=[octets of a payload]:SIZE: ' \
    '*--message=[payload; several are sent in turn]:TEXT: ' \
    '*--file=[file whose content is a payload]:FILE:_files' \
    '--template[in --message and --file, %i %c and %n (the message'\''s number) are filled]' \
    '--stamp[put stream, number and time (28 octets) before --message and --file]' \
    '--retain[set the retain flag]' \
    '--threads=[worker threads; 0\: as many as there are cores]:N: ' \
    '*--source=[local addresses to connect from, in turn]:ADDRESS\[-LAST\]: ' \
    '--shard=[this process is number I (from 1) of N that share the load]:I/N: ' \
    '--start-at=[begin the traffic then\: Unix time, 2026-12-31T23\:59\:00Z, or +10s]:TIME: ' \
    '--seed=[of everything random; the same for shards of one run]:N: ' \
    '--plan[say what the run would cause and whether this machine can, and connect nothing]' \
    '--json=[write the result as JSON; - is standard output]:FILE:_files' \
    '--csv=[write a line of figures for each second]:FILE:_files' \
    '--hlog=[write the latencies as a HdrHistogram log]:FILE:_files' \
    '*--assert=[end with 1 unless it holds, as in '\''e2e.p99<20ms'\'']:EXPRESSION: ' \
    '--repeat=[do it N times; tell medians and their confidence intervals]:N: ' \
    '--sys-check[compare with what the broker counted in $SYS, as mosquitto has it]' \
    '--engine=[which implementation of MQTT to use\: native or paho]:ENGINE:(native paho)' \
    && return 0
}
_mqtt_bench_sink() {
  _arguments -s -S $common \
    '--listen=[address to accept connections on; port 0\: a free one]:\[HOST\:\]PORT: ' \
    '--unix=[accept on a Unix socket instead]:PATH: ' \
    '--ws[speak MQTT over WebSocket]' \
    '--cert=[speak TLS with this certificate (PEM)]:FILE:_files' \
    '--key=[key of the certificate (PEM)]:FILE:_files' \
    '--cafile=[ask clients for a certificate that one of these signed]:FILE:_files' \
    '--feed=[send every subscription N messages, as fast as they are taken]:N: ' \
    '--feed-size=[octets of their payload]:SIZE: ' \
    '--feed-window=[how many of QoS 1 and 2 may be unacknowledged]:N: ' \
    '--stall[answer CONNECT and read nothing more]' \
    && return 0
}
_mqtt_bench_calibrate() {
  _arguments -s -S $common \
    '--size=[octets of a payload]:SIZE: ' \
    '--duration=[how long each trial takes]:DURATION: ' \
    '--threads=[worker threads]:N: ' \
    && return 0
}
_mqtt_bench_compare() {
  _arguments -s -S $common \
    '*--result=[the two results\: first what was before, then what is now]:FILE:_files' \
    '*--metric=[compare this figure, such as e2e.p99; may be repeated]:PATH: ' \
    '*--vary=[this option of the scenario may differ\: it is what is being compared]:OPTION: ' \
    '--tolerance=[worse by no more than this is not worse]:PERCENT: ' \
    '--alpha=[how often chance alone may be taken for a change]:PERCENT: ' \
    '--json[print the comparison as JSON (schema mqtt-bench.comparison/1)]' \
    && return 0
}
_mqtt_bench_merge() {
  _arguments -s -S $common \
    '*--result=[the results of all shards of one run]:FILE:_files' \
    '--json=[write the sum as JSON; - is standard output]:FILE:_files' \
    '--csv=[write its series as CSV]:FILE:_files' \
    '--hlog=[write its latencies as an HdrHistogram log]:FILE:_files' \
    && return 0
}
_mqtt_bench_plot() {
  _arguments -s -S $common \
    '*--result=[one result, or up to six to compare]:FILE:_files' \
    '-o+[where the picture (SVG) goes]:FILE:_files' \
    '--output=[where the picture (SVG) goes]:FILE:_files' \
    '*--label=[what a result is called; as often as there are results]:TEXT: ' \
    '--title=[the heading of the picture]:TEXT: ' \
    '--latency=[which latency to show]:KIND:(connect tls connack suback puback pubcomp e2e rtt)' \
    && return 0
}
if (( CURRENT == 2 )) && [[ ${words[2]} != -* ]]; then
  _values subcommand \
    'connect[open many connections, hold them, cut them and make them again]' \
    'publish[publish at a rate, or as fast as the broker acknowledges]' \
    'subscribe[receive what others publish, and account for it]' \
    'pubsub[publish and receive, and time and count every message end to end]' \
    'sink[be a broker that only accepts and counts]' \
    'calibrate[measure what this machine can generate at most]' \
    'compare[say whether a second result is worse than a first]' \
    'merge[add up the results of several processes or machines]' \
    'plot[draw results: latency by percentile, rate and latency over time]'
  return
fi
case ${words[2]} in
  connect|conn) shift words; (( CURRENT-- )); _mqtt_bench_connect ;;
  publish|pub) shift words; (( CURRENT-- )); _mqtt_bench_publish ;;
  subscribe|sub) shift words; (( CURRENT-- )); _mqtt_bench_subscribe ;;
  pubsub) shift words; (( CURRENT-- )); _mqtt_bench_pubsub ;;
  sink) shift words; (( CURRENT-- )); _mqtt_bench_sink ;;
  calibrate) shift words; (( CURRENT-- )); _mqtt_bench_calibrate ;;
  compare) shift words; (( CURRENT-- )); _mqtt_bench_compare ;;
  merge) shift words; (( CURRENT-- )); _mqtt_bench_merge ;;
  plot) shift words; (( CURRENT-- )); _mqtt_bench_plot ;;
  *) return 1 ;;
esac
