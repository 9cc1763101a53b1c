# bash completion for mqtt-inspect; made by mqtt-inspect --generate
_mqtk_paths() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}
_mqtk_profiles() {
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]/#\~/$HOME}" --list-profiles 2>/dev/null | cut -f1)" -- "$cur"))
}
_mqtt_inspect_connect() {
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
    -s|--size|-t|--topic|--topic-prefix|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    -q|--qos)
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
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--json --no-variants --safe --qos -q --size -s --retain -r --topic -t --topic-prefix --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_caps() {
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
    --compare|--topic-prefix|--max-probe-size|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--json --safe --slow --compare --topic-prefix --max-probe-size --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_check() {
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
    -t|--topic|--time-at|--value-at|--sys|--topic-prefix|--patience|--connect-warn|--connect-crit|--rtt-warn|--rtt-crit|--cert-warn|--cert-crit|--age-warn|--age-crit|--value-warn|--value-crit|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --format)
      COMPREPLY=($(compgen -W 'nagios prometheus json' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --output|--unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--format --json --output --safe --topic -t --time-at --value-at --sys --topic-prefix --patience --connect-warn --connect-crit --rtt-warn --rtt-crit --cert-warn --cert-crit --age-warn --age-crit --value-warn --value-crit --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_topics() {
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
    -t|--topic|--for|--top|--tree|--max-topics|--max-memory|--max-payload|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    -q|--qos)
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
    --sort)
      COMPREPLY=($(compgen -W 'count rate bytes size age name' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
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
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--topic -t --for --sort --top --tree --qos -q --max-topics --max-memory --max-payload --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_top() {
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
    -t|--topic|--max-topics|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
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
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--topic -t --allow-write --max-topics --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_retained() {
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
    -t|--topic|--match|--payload|--quiet-time|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
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
    --action)
      COMPREPLY=($(compgen -W 'list clean backup restore' -- "$cur"))
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
    -f|--file|--unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--action --topic -t --match --payload --yes --file -f --quiet-time --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_trace() {
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
    --listen|--max-value|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --show)
      COMPREPLY=($(compgen -W 'lines fields octets' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --read|--write|--listen-cert|--listen-key|--unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--listen --read --write --show --max-value --show-secrets --listen-cert --listen-key --listen-ws --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_ping() {
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
    --count|--interval|--patience|-s|--size|--topic-prefix|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    -q|--qos)
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
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--count --interval --patience --safe --qos -q --size -s --topic-prefix --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_sys() {
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
    --for|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
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
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--for --all -a --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_watch() {
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
    -t|--topic|--path|-C|--count|--for|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
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
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--topic -t --path --count -C --for --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_tls() {
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
    --warn|--crit|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--warn --crit --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_session() {
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
    -p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
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
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--delete --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect_acl() {
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
    -t|--topic|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --summary)
      COMPREPLY=($(compgen -W 'json text' -- "$cur"))
      return ;;
    --keyform)
      COMPREPLY=($(compgen -W 'pem engine' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--config)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--topic -t --safe --json --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --help --version' -- "$cur"))
  fi
}
_mqtt_inspect() {
  local word
  if [[ $COMP_CWORD -eq 1 && ${COMP_WORDS[1]} != -* ]]; then
    COMPREPLY=($(compgen -W 'connect caps check topics top retained trace ping sys watch tls session acl' -- "${COMP_WORDS[1]}"))
    return
  fi
  case ${COMP_WORDS[1]} in
    connect) _mqtt_inspect_connect ;;
    caps) _mqtt_inspect_caps ;;
    check) _mqtt_inspect_check ;;
    topics) _mqtt_inspect_topics ;;
    top) _mqtt_inspect_top ;;
    retained) _mqtt_inspect_retained ;;
    trace) _mqtt_inspect_trace ;;
    ping) _mqtt_inspect_ping ;;
    sys) _mqtt_inspect_sys ;;
    watch) _mqtt_inspect_watch ;;
    tls) _mqtt_inspect_tls ;;
    session) _mqtt_inspect_session ;;
    acl) _mqtt_inspect_acl ;;
    *) _mqtt_inspect_connect ;;
  esac
}
complete -F _mqtt_inspect mqtt-inspect
