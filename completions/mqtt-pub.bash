# bash completion for mqtt-pub; made by mqtt-pub --generate
_mqtk_paths() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}
_mqtk_profiles() {
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]/#\~/$HOME}" --list-profiles 2>/dev/null | cut -f1)" -- "$cur"))
}
_mqtt_pub() {
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
    -t|--topic|-m|--message|--repeat|--count|--repeat-delay|--var|--pace|--rewrite|--topic-sep|--rate|--expiry|--content-type|--response-topic|--user-property|-e|--response-to|--match|-F|--format|--outbox-limit|-W|--timeout|-p|--port|-L|--url|--url-command|--proxy|-A|--bind|-k|--keepalive|--keep-alive|--connect-timeout|--resolve-timeout|--tcp-timeout|--proxy-timeout|--tls-timeout|--ws-timeout|--mqtt-timeout|--ping-timeout|-u|--username|-P|--password|--pw|--username-command|--password-command|--key-passphrase|--key-passphrase-command|--tls-engine|--tls-engine-kpass-sha1|--tls-version|--tls-max-version|--tls-alpn|--ciphers|--tls13-ciphers|--psk|--psk-identity|--ws-path|--ws-header|-i|--id|-I|--id-prefix|-x|--session-expiry|-D|--property|-M|--max-inflight|--will-topic|--will-payload|--will-base64|--will-delay|--birth-topic|--birth-payload|--reconnect-interval|--max-reconnect-interval|--publish-timeout|--queue-size)
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
    --retain-handling)
      COMPREPLY=($(compgen -W 'always new never' -- "$cur"))
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
    --input-encoding|--wire-encoding)
      COMPREPLY=($(compgen -W 'raw hex base64' -- "$cur"))
      return ;;
    --capath)
      _mqtk_paths -d
      return ;;
    -f|--file|--outbox|--unix|--url-file|--username-file|--password-file|--cafile|--cert|--key|--key-passphrase-file|--crl|--psk-file|--tls-keylog|--will-file|--config|-o|--options)
      _mqtk_paths -f
      return ;;
    --profile)
      _mqtk_profiles
      return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '--topic -t --message -m --file -f --stdin-file -s --stdin-line -l --null-message -n --qos -q --retain -r --repeat --repeat-delay --remove-retained --template --var --input-encoding --wire-encoding --from-json --keep-going --pace --loop --rewrite --topic-sep --null -0 --rate --expiry --content-type --response-topic --user-property --require-subscriber --request --response-to -e --match --latency --format -F --no-newline -N --pretty --no-retained -R --retain-as-published --retain-handling --outbox --outbox-only --outbox-status --outbox-limit --timeout -W --verbose -v --no-progress --host -h --port -p --url -L --unix --url-file --url-command --proxy --srv --bind -A --ipv4 -4 --ipv6 -6 --keepalive -k --nodelay --no-nodelay --no-batching --connect-timeout --resolve-timeout --tcp-timeout --proxy-timeout --tls-timeout --ws-timeout --mqtt-timeout --ping-timeout --username -u --password -P --username-file --username-command --password-file --password-command --prompt --cafile --capath --cert --key --key-passphrase --key-passphrase-file --key-passphrase-command --key-passphrase-prompt --keyform --tls-engine --tls-engine-kpass-sha1 --insecure --server-name --tls-use-os-certs --no-tls --tls-version --tls-max-version --tls-alpn --ciphers --tls13-ciphers --crl --psk --psk-file --psk-identity --tls-keylog --ws --ws-path --ws-header --id -i --id-prefix -I --no-clean -c --session-expiry -x --protocol-version -V --property -D --max-inflight -M --resubscribe --disconnect --will-topic --will-payload --will-file --will-base64 --will-qos --will-retain --will-delay --birth-topic --birth-payload --birth-qos --birth-retain --retry --reconnect --no-reconnect --reconnect-interval --max-reconnect-interval --debug -d --trace --summary --quiet --color --profile --config --show-config --list-profiles --publish-timeout --queue-size --when-full --engine --options -o --help --version' -- "$cur"))
  fi
}
complete -F _mqtt_pub mqtt-pub
