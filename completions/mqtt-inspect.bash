# bash completion for mqtt-inspect-connect; made by mqtt-inspect-connect --generate
_mqtk_paths() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}
_mqtt_inspect_connect() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
    -s|--size|-t|--topic|--topic-prefix|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--password-command|--key-passphrase|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight)
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
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--tls-keylog)
      _mqtk_paths -f
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--json --no-variants --safe --qos -q --size -s --retain -r --topic -t --topic-prefix --host -h --port -p --url -L --unix --url-command --proxy --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --debug -d --quiet --color --help --version' -- "$cur"))
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
  case $prev in
    --compare|--topic-prefix|--max-probe-size|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--password-command|--key-passphrase|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header)
      :
      return ;;
    -h|--host|--server-name)
      COMPREPLY=($(compgen -A hostname -- "$cur"))
      return ;;
    --color|--colour)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    --unix|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--tls-keylog)
      _mqtk_paths -f
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--json --safe --slow --compare --topic-prefix --max-probe-size --host -h --port -p --url -L --unix --url-command --proxy --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-identity --tls-keylog --ws --ws-path --ws-header --debug -d --quiet --color --help --version' -- "$cur"))
  fi
}
_mqtt_inspect() {
  local word
  if [[ $COMP_CWORD -eq 1 && ${COMP_WORDS[1]} != -* ]]; then
    COMPREPLY=($(compgen -W 'connect caps' -- "${COMP_WORDS[1]}"))
    return
  fi
  case ${COMP_WORDS[1]} in
    connect) _mqtt_inspect_connect ;;
    caps) _mqtt_inspect_caps ;;
    *) _mqtt_inspect_connect ;;
  esac
}
complete -F _mqtt_inspect mqtt-inspect
