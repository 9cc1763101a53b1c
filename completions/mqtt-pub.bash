# bash completion for mqtt-pub; made by mqtt-pub --generate
_mqtk_paths() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}
_mqtt_pub() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
    -t|--topic|-m|--message|--topic-sep|--repeat|--repeat-delay|--expiry|--content-type|--response-topic|--user-property|-W|--timeout|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--password-command|--key-passphrase|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight|--will-topic|--will-payload|--will-base64|--will-delay|--birth-topic|--birth-payload|--reconnect-interval|--max-reconnect-interval|--publish-timeout|--queue-size)
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
    --when-full)
      COMPREPLY=($(compgen -W 'block drop-oldest error' -- "$cur"))
      return ;;
    --disconnect)
      COMPREPLY=($(compgen -W 'normal with-will abrupt' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    -f|--file|--unix|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--tls-keylog|--will-file)
      _mqtk_paths -f
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--topic -t --message -m --file -f --stdin-file -s --stdin-line -l --null-message -n --from-json --keep-going --qos -q --retain -r --topic-sep --repeat --repeat-delay --expiry --content-type --response-topic --user-property --timeout -W --verbose -v --host -h --port -p --url -L --unix --url-command --proxy --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --will-topic --will-payload --will-file --will-base64 --will-qos --will-retain --will-delay --birth-topic --birth-payload --birth-qos --birth-retain --retry --reconnect --no-reconnect --reconnect-interval --max-reconnect-interval --debug -d --quiet --color --publish-timeout --queue-size --when-full --help --version' -- "$cur"))
  fi
}
complete -F _mqtt_pub mqtt-pub
