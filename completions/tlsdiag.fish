# fish completion for tlsdiag

complete -c tlsdiag -f
complete -c tlsdiag -n __fish_use_subcommand -a pcap -d 'Diagnose every TLS handshake in captures'
complete -c tlsdiag -n __fish_use_subcommand -a check -d 'Prove certificates, keys and CA against each other'
complete -c tlsdiag -n __fish_use_subcommand -a strerror -d 'Tell what error codes mean'
complete -c tlsdiag -n __fish_use_subcommand -a alert -d 'Tell what an alert means'
complete -c tlsdiag -n __fish_use_subcommand -a explain -d 'Show the page behind a check or a cause'
complete -c tlsdiag -n __fish_use_subcommand -a help -d 'Show the help of a command'
complete -c tlsdiag -n __fish_use_subcommand -l help -d 'Show the commands'
complete -c tlsdiag -n __fish_use_subcommand -l version -d 'Show the version'
complete -c tlsdiag -n '__fish_seen_subcommand_from help' -a 'pcap check strerror alert explain'

set -l pcap '__fish_seen_subcommand_from pcap; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $pcap -F
complete -c tlsdiag -n $pcap -l ca -r -F -d 'Certificates that the verifying side trusts'
complete -c tlsdiag -n $pcap -l name -x -d 'Name that the certificate must have'
complete -c tlsdiag -n $pcap -l cert -r -F -d 'Certificate that the server should send'
complete -c tlsdiag -n $pcap -l key -r -F -d 'Private key that the server should sign with'
complete -c tlsdiag -n $pcap -l config -r -F -d 'mbedTLS configuration header of the device'
complete -c tlsdiag -n $pcap -l at -x -d 'Judge dates at this time'
complete -c tlsdiag -n $pcap -l server -x -d 'Only handshakes with this server'
complete -c tlsdiag -n $pcap -l client -x -d 'Only handshakes of this client'
complete -c tlsdiag -n $pcap -l filter -x -d 'Only packets that pass this capture filter'
complete -c tlsdiag -n $pcap -l verify -x -a 'auto all none' -d 'Which signatures are verified'
complete -c tlsdiag -n $pcap -l deep -x -d 'Most CPU seconds for bad signatures'
complete -c tlsdiag -n $pcap -l json -d 'One JSON document'
complete -c tlsdiag -n $pcap -l ndjson -d 'A line of JSON for each handshake'
complete -c tlsdiag -n $pcap -l only -x -a 'failed completed all' -d 'List handshakes by outcome'
complete -c tlsdiag -n $pcap -l all -d 'List every handshake'
complete -c tlsdiag -n $pcap -l color -x -a 'auto always never' -d 'Colour the report'
complete -c tlsdiag -n $pcap -s h -l help -d 'Show the options'

set -l lookup '__fish_seen_subcommand_from strerror alert explain; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $lookup -l json -d 'One JSON document'
complete -c tlsdiag -n $lookup -l color -x -a 'auto always never' -d 'Colour the text'
complete -c tlsdiag -n $lookup -s h -l help -d 'Show the options'

set -l ids "(tlsdiag explain 2>/dev/null | string match -rg '^  ([a-z][a-z0-9-]*) +\S')"
set -l alert '__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $alert -a "none (tlsdiag alert 2>/dev/null | string match -rg '^ *\d+  ([a-z_]+) ')"
complete -c tlsdiag -n $alert -l from -x -a 'client server' -d 'Who sent it'
complete -c tlsdiag -n $alert -l stack -x -a 'OpenSSL mbedTLS GnuTLS wolfSSL NSS Botan Go rustls BoringSSL JSSE' -d 'TLS stack of the sender'
complete -c tlsdiag -n $alert -l after -x -a 'client_hello server_hello encrypted_extensions certificate server_key_exchange certificate_request server_hello_done client_key_exchange certificate_verify finished' -d 'Last message that the sender got'
complete -c tlsdiag -n $alert -l fault -x -a $ids -d 'What each stack answers to a fault'
complete -c tlsdiag -n '__fish_seen_subcommand_from explain; and not __fish_seen_subcommand_from help' -a $ids

set -l check '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $check -F
complete -c tlsdiag -n $check -l cert -r -F -d 'Certificate, and what is sent behind it'
complete -c tlsdiag -n $check -l chain -r -F -d 'Intermediates that are sent behind it'
complete -c tlsdiag -n $check -l key -r -F -d 'Private key of the certificate'
complete -c tlsdiag -n $check -l key-password-file -r -F -d 'File whose first line opens encrypted keys'
complete -c tlsdiag -n $check -l ca -r -F -d 'Certificates that the other side trusts'
complete -c tlsdiag -n $check -l name -x -d 'Name that the certificate must have'
complete -c tlsdiag -n $check -l purpose -x -a 'server client' -d 'Whose certificate it is'
complete -c tlsdiag -n $check -l at -x -d 'Judge dates at this time'
complete -c tlsdiag -n $check -l json -d 'One JSON document'
complete -c tlsdiag -n $check -l color -x -a 'auto always never' -d 'Colour the report'
complete -c tlsdiag -n $check -s h -l help -d 'Show the options'
