# bash completion for mqtt-bench; made by mqtt-bench --generate
_mqtk_paths() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}
_mqtk_profiles() {
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]/#\~/$HOME}" --list-profiles 2>/dev/null | cut -f1)" -- "$cur"))
}
_mqtt_bench_connect() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ $cur == '@' || $prev == '@' ]]; then
    cur=${cur#@}
    _mqtk_profiles
    return
  elif [[ $cur == @* ]]; then
    cur=${cur#@}
    _mqtk_profiles
    COMPREPLY=("${COMPREPLY[@]/#/@}")
    return
  fi
  case $prev in
    --duration|--storm|--ping-interval|-c|--clients|--connect-rate|--connect-window|--first-index|--threads|--source|--shard|--start-at|--seed|--assert|--repeat|-p|--port|-L|--url|--url-command|--proxy|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|--id-prefix|--session-expiry|--property|--max-inflight|--will-topic|--will-payload|--will-base64|--will-delay|--birth-topic|--birth-payload|--reconnect-interval|--max-reconnect-interval)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    --will-qos|--birth-qos)
      COMPREPLY=($(compgen -W '0 1 2' -- "$cur"))
      return ;;
    -V|--protocol-version)
      COMPREPLY=($(compgen -W '3.1 3.1.1 5' -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --resubscribe)
      COMPREPLY=($(compgen -W 'auto always' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --engine)
      COMPREPLY=($(compgen -W 'native paho' -- "$cur"))
      return ;;
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --credentials|--json|--csv|--hlog|--unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--will-file|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--duration --storm --ping-interval --clients -c --connect-rate --connect-window --credentials --first-index --threads --source --shard --start-at --seed --plan --json --csv --hlog --assert --repeat --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix --no-clean --session-expiry --protocol-version -V --property --max-inflight --resubscribe --disconnect --will-topic --will-payload --will-file --will-base64 --will-qos --will-retain --will-delay --birth-topic --birth-payload --birth-qos --birth-retain --retry --reconnect --no-reconnect --reconnect-interval --max-reconnect-interval --debug --trace --summary --quiet --color --profile --config --show-config --list-profiles --engine --help --version' -- "$cur"))
  fi
}
_mqtt_bench_publish() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ $cur == '@' || $prev == '@' ]]; then
    cur=${cur#@}
    _mqtk_profiles
    return
  elif [[ $cur == @* ]]; then
    cur=${cur#@}
    _mqtk_profiles
    COMPREPLY=("${COMPREPLY[@]/#/@}")
    return
  fi
  case $prev in
    -r|--rate|--interval|--inflight|-n|--count|--duration|--warmup|--drain|-c|--clients|--connect-rate|--connect-window|--first-index|-t|--topic|-s|--size|--message|--threads|--source|--shard|--start-at|--seed|--assert|--repeat|-p|--port|-L|--url|--url-command|--proxy|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|--id-prefix|--session-expiry|--property|--max-inflight|--will-topic|--will-payload|--will-base64|--will-delay|--birth-topic|--birth-payload|--reconnect-interval|--max-reconnect-interval)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    -q|--qos|--will-qos|--birth-qos)
      COMPREPLY=($(compgen -W '0 1 2' -- "$cur"))
      return ;;
    -V|--protocol-version)
      COMPREPLY=($(compgen -W '3.1 3.1.1 5' -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --resubscribe)
      COMPREPLY=($(compgen -W 'auto always' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --engine)
      COMPREPLY=($(compgen -W 'native paho' -- "$cur"))
      return ;;
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --stages|--credentials|--file|--json|--csv|--hlog|--unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--will-file|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--rate -r --interval --stages --inflight --count -n --duration --warmup --drain --clients -c --connect-rate --connect-window --credentials --first-index --topic -t --qos -q --size -s --message --file --template --stamp --retain --threads --source --shard --start-at --seed --plan --json --csv --hlog --assert --repeat --sys-check --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix --no-clean --session-expiry --protocol-version -V --property --max-inflight --resubscribe --disconnect --will-topic --will-payload --will-file --will-base64 --will-qos --will-retain --will-delay --birth-topic --birth-payload --birth-qos --birth-retain --retry --reconnect --no-reconnect --reconnect-interval --max-reconnect-interval --debug --trace --summary --quiet --color --profile --config --show-config --list-profiles --engine --help --version' -- "$cur"))
  fi
}
_mqtt_bench_subscribe() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ $cur == '@' || $prev == '@' ]]; then
    cur=${cur#@}
    _mqtk_profiles
    return
  elif [[ $cur == @* ]]; then
    cur=${cur#@}
    _mqtk_profiles
    COMPREPLY=("${COMPREPLY[@]/#/@}")
    return
  fi
  case $prev in
    -n|--count|--duration|--warmup|--drain|-c|--clients|--connect-rate|--connect-window|--first-index|-t|--topic|--threads|--source|--shard|--start-at|--seed|--assert|--repeat|-p|--port|-L|--url|--url-command|--proxy|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|--id-prefix|--session-expiry|--property|--max-inflight|--will-topic|--will-payload|--will-base64|--will-delay|--birth-topic|--birth-payload|--reconnect-interval|--max-reconnect-interval)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    -q|--qos|--will-qos|--birth-qos)
      COMPREPLY=($(compgen -W '0 1 2' -- "$cur"))
      return ;;
    -V|--protocol-version)
      COMPREPLY=($(compgen -W '3.1 3.1.1 5' -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --resubscribe)
      COMPREPLY=($(compgen -W 'auto always' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --engine)
      COMPREPLY=($(compgen -W 'native paho' -- "$cur"))
      return ;;
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --credentials|--json|--csv|--hlog|--unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--will-file|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--count -n --duration --warmup --drain --clients -c --connect-rate --connect-window --credentials --first-index --topic -t --qos -q --threads --source --shard --start-at --seed --plan --json --csv --hlog --assert --repeat --sys-check --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix --no-clean --session-expiry --protocol-version -V --property --max-inflight --resubscribe --disconnect --will-topic --will-payload --will-file --will-base64 --will-qos --will-retain --will-delay --birth-topic --birth-payload --birth-qos --birth-retain --retry --reconnect --no-reconnect --reconnect-interval --max-reconnect-interval --debug --trace --summary --quiet --color --profile --config --show-config --list-profiles --engine --help --version' -- "$cur"))
  fi
}
_mqtt_bench_pubsub() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ $cur == '@' || $prev == '@' ]]; then
    cur=${cur#@}
    _mqtk_profiles
    return
  elif [[ $cur == @* ]]; then
    cur=${cur#@}
    _mqtk_profiles
    COMPREPLY=("${COMPREPLY[@]/#/@}")
    return
  fi
  case $prev in
    -r|--rate|--interval|--inflight|-n|--count|--duration|--warmup|--drain|-c|--clients|--publishers|--subscribers|--sub-host|--connect-rate|--connect-window|--first-index|-t|--topic|--filter|--group|-s|--size|--message|--threads|--source|--shard|--start-at|--seed|--assert|--repeat|-p|--port|-L|--url|--url-command|--proxy|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|--id-prefix|--session-expiry|--property|--max-inflight|--will-topic|--will-payload|--will-base64|--will-delay|--birth-topic|--birth-payload|--reconnect-interval|--max-reconnect-interval)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    -q|--qos|--sub-qos|--will-qos|--birth-qos)
      COMPREPLY=($(compgen -W '0 1 2' -- "$cur"))
      return ;;
    -V|--protocol-version)
      COMPREPLY=($(compgen -W '3.1 3.1.1 5' -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --resubscribe)
      COMPREPLY=($(compgen -W 'auto always' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --engine)
      COMPREPLY=($(compgen -W 'native paho' -- "$cur"))
      return ;;
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --topology)
      COMPREPLY=($(compgen -W 'pair fan-in fan-out shared' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --stages|--credentials|--file|--json|--csv|--hlog|--unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--will-file|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--rate -r --interval --stages --inflight --count -n --duration --warmup --drain --clients -c --topology --publishers --subscribers --sub-host --connect-rate --connect-window --credentials --first-index --topic -t --filter --group --qos -q --sub-qos --size -s --message --file --template --stamp --retain --threads --source --shard --start-at --seed --plan --json --csv --hlog --assert --repeat --sys-check --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix --no-clean --session-expiry --protocol-version -V --property --max-inflight --resubscribe --disconnect --will-topic --will-payload --will-file --will-base64 --will-qos --will-retain --will-delay --birth-topic --birth-payload --birth-qos --birth-retain --retry --reconnect --no-reconnect --reconnect-interval --max-reconnect-interval --debug --trace --summary --quiet --color --profile --config --show-config --list-profiles --engine --help --version' -- "$cur"))
  fi
}
_mqtt_bench_sink() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
    --listen|--unix|--feed|--feed-size|--feed-window)
      :
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --cert|--key|--cafile)
      _mqtk_paths -f
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--listen --unix --ws --cert --key --cafile --feed --feed-size --feed-window --stall --debug --trace --summary --quiet --color --help --version' -- "$cur"))
  fi
}
_mqtt_bench_calibrate() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
    --size|--duration|--threads)
      :
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--size --duration --threads --debug --trace --summary --quiet --color --help --version' -- "$cur"))
  fi
}
_mqtt_bench_compare() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
    --metric|--vary|--tolerance|--alpha)
      :
      return ;;
    --result)
      _mqtk_paths -f
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--result --metric --vary --tolerance --alpha --json --help --version' -- "$cur"))
  fi
}
_mqtt_bench_merge() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
    --result|--json|--csv|--hlog)
      _mqtk_paths -f
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--result --json --csv --hlog --help --version' -- "$cur"))
  fi
}
_mqtt_bench_plot() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
    --label|--title)
      :
      return ;;
    --latency)
      COMPREPLY=($(compgen -W 'connect tls connack suback puback pubcomp e2e rtt' -- "$cur"))
      return ;;
    --result|-o|--output)
      _mqtk_paths -f
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--result --output -o --label --title --latency --help --version' -- "$cur"))
  fi
}
_mqtt_bench() {
  local word
  if [[ $COMP_CWORD -eq 1 && ${COMP_WORDS[1]} != -* ]]; then
    COMPREPLY=($(compgen -W 'connect publish subscribe pubsub sink calibrate compare merge plot' -- "${COMP_WORDS[1]}"))
    return
  fi
  case ${COMP_WORDS[1]} in
    connect|conn) _mqtt_bench_connect ;;
    publish|pub) _mqtt_bench_publish ;;
    subscribe|sub) _mqtt_bench_subscribe ;;
    pubsub) _mqtt_bench_pubsub ;;
    sink) _mqtt_bench_sink ;;
    calibrate) _mqtt_bench_calibrate ;;
    compare) _mqtt_bench_compare ;;
    merge) _mqtt_bench_merge ;;
    plot) _mqtt_bench_plot ;;
    *) return 1 ;;
  esac
}
complete -F _mqtt_bench mqtt-bench
