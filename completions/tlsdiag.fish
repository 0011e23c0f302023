# fish completion for tlsdiag

complete -c tlsdiag -f
complete -c tlsdiag -n __fish_use_subcommand -a pcap -d 'Diagnose every TLS handshake in captures'
complete -c tlsdiag -n __fish_use_subcommand -a help -d 'Show the help of a command'
complete -c tlsdiag -n __fish_use_subcommand -l help -d 'Show the commands'
complete -c tlsdiag -n __fish_use_subcommand -l version -d 'Show the version'
complete -c tlsdiag -n '__fish_seen_subcommand_from help' -a pcap

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
