# fish completion for tlsdiag

complete -c tlsdiag -f
complete -c tlsdiag -n __fish_use_subcommand -a pcap -d 'Diagnose every TLS handshake in captures'
complete -c tlsdiag -n __fish_use_subcommand -a log -d 'Diagnose what debug logs, pastes and dumps tell of handshakes'
complete -c tlsdiag -n __fish_use_subcommand -a probe -d 'Drive a TLS handshake with a server and diagnose it'
complete -c tlsdiag -n __fish_use_subcommand -a replay -d 'Send a captured ClientHello again and compare the answers'
complete -c tlsdiag -n __fish_use_subcommand -a check -d 'Prove certificates, keys and CA against each other'
complete -c tlsdiag -n __fish_use_subcommand -a config -d 'Tell what contradicts itself in an mbedTLS configuration'
complete -c tlsdiag -n __fish_use_subcommand -a strerror -d 'Tell what error codes mean'
complete -c tlsdiag -n __fish_use_subcommand -a alert -d 'Tell what an alert means'
complete -c tlsdiag -n __fish_use_subcommand -a explain -d 'Show the page behind a check or a cause'
complete -c tlsdiag -n __fish_use_subcommand -a help -d 'Show the help of a command'
complete -c tlsdiag -n __fish_use_subcommand -F
complete -c tlsdiag -n __fish_use_subcommand -l help -d 'Show the commands'
complete -c tlsdiag -n __fish_use_subcommand -l version -d 'Show the version'
complete -c tlsdiag -n '__fish_seen_subcommand_from help' -a 'pcap log probe replay check config strerror alert explain'

set -l pcap '__fish_seen_subcommand_from pcap; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $pcap -F
complete -c tlsdiag -n $pcap -l ca -r -F -d 'Certificates that the verifying side trusts'
complete -c tlsdiag -n $pcap -l name -x -d 'Name that the certificate must have'
complete -c tlsdiag -n $pcap -l cert -r -F -d 'Certificate that the server should send'
complete -c tlsdiag -n $pcap -l key -r -F -d 'Private key that the server should sign with'
complete -c tlsdiag -n $pcap -l config -r -F -d 'mbedTLS configuration header of the device'
complete -c tlsdiag -n $pcap -l keylog -r -F -d 'Secrets of the connections'
complete -c tlsdiag -n $pcap -l log -r -F -d 'Debug log of one of the sides'
complete -c tlsdiag -n $pcap -l at -x -d 'Judge dates at this time'
complete -c tlsdiag -n $pcap -l expires-soon -x -d 'Warn of certificates with fewer days left'
complete -c tlsdiag -n $pcap -l server -x -d 'Only handshakes with this server'
complete -c tlsdiag -n $pcap -l client -x -d 'Only handshakes of this client'
complete -c tlsdiag -n $pcap -l filter -x -d 'Only packets that pass this capture filter'
complete -c tlsdiag -n $pcap -l verify -x -a 'auto all none' -d 'Which signatures are verified'
complete -c tlsdiag -n $pcap -l deep -x -d 'Most CPU seconds of the run for bad signatures'
complete -c tlsdiag -n $pcap -l json -d 'One JSON document'
complete -c tlsdiag -n $pcap -l ndjson -d 'A line of JSON for each handshake'
complete -c tlsdiag -n $pcap -l only -x -a 'failed completed all' -d 'List handshakes by outcome'
complete -c tlsdiag -n $pcap -l all -d 'List every handshake'
complete -c tlsdiag -n $pcap -l junit -r -F -d 'Write a JUnit report'
complete -c tlsdiag -n $pcap -l sarif -r -F -d 'Write a SARIF report'
complete -c tlsdiag -n $pcap -l fail-on -x -a 'error warning' -d 'What makes the exit status 1'
complete -c tlsdiag -n $pcap -l color -x -a 'auto always never' -d 'Colour the report'
complete -c tlsdiag -n $pcap -l no-sandbox -d 'Keep the rights that are given up before reading'
complete -c tlsdiag -n $pcap -s h -l help -d 'Show the options'

set -l log '__fish_seen_subcommand_from log; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $log -F
complete -c tlsdiag -n $log -l ca -r -F -d 'Certificates that the verifying side trusts'
complete -c tlsdiag -n $log -l name -x -d 'Name that the certificate must have'
complete -c tlsdiag -n $log -l cert -r -F -d 'Certificate that the server should send'
complete -c tlsdiag -n $log -l key -r -F -d 'Private key that the server should sign with'
complete -c tlsdiag -n $log -l config -r -F -d 'mbedTLS configuration header of the device'
complete -c tlsdiag -n $log -l keylog -r -F -d 'Secrets of the connections'
complete -c tlsdiag -n $log -l at -x -d 'Judge dates at this time'
complete -c tlsdiag -n $log -l expires-soon -x -d 'Warn of certificates with fewer days left'
complete -c tlsdiag -n $log -l format -x -d 'What the log is'
complete -c tlsdiag -n $log -l code -x -d 'Error code of mbedTLS, where there is no log'
complete -c tlsdiag -n $log -l state -x -d 'Where the handshake stood'
complete -c tlsdiag -n $log -l mbedtls -x -d 'Release of the mbedTLS of the device'
complete -c tlsdiag -n $log -l role -x -a 'client server' -d 'What the device is'
complete -c tlsdiag -n $log -l alert-received -x -d 'Number of the alert that it received'
complete -c tlsdiag -n $log -l redact -r -F -d 'Write a copy of the log without secrets'
complete -c tlsdiag -n $log -l anonymise -d 'With --redact: without names and addresses, too'
complete -c tlsdiag -n $log -l deep -x -d 'Most CPU seconds of the run for bad signatures'
complete -c tlsdiag -n $log -l json -d 'One JSON document'
complete -c tlsdiag -n $log -l ndjson -d 'A line of JSON for each handshake'
complete -c tlsdiag -n $log -l only -x -a 'failed completed all' -d 'List handshakes by outcome'
complete -c tlsdiag -n $log -l all -d 'List every handshake'
complete -c tlsdiag -n $log -l junit -r -F -d 'Write a JUnit report'
complete -c tlsdiag -n $log -l sarif -r -F -d 'Write a SARIF report'
complete -c tlsdiag -n $log -l fail-on -x -a 'error warning' -d 'What makes the exit status 1'
complete -c tlsdiag -n $log -l color -x -a 'auto always never' -d 'Colour the report'
complete -c tlsdiag -n $log -l no-sandbox -d 'Keep the rights that are given up before reading'
complete -c tlsdiag -n $log -s h -l help -d 'Show the options'

set -l config '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $config -l mbedtls-version -x -a '2.7 2.16 2.28 3.0 3.6 4.x' -d 'The release that it is for'
complete -c tlsdiag -n $config -s D -l define -x -d 'A macro that the build defines besides'
complete -c tlsdiag -n $config -l json -d 'One JSON document'
complete -c tlsdiag -n $config -l color -x -a 'auto always never' -d 'Colour the text'
complete -c tlsdiag -n $config -s h -l help -d 'Show the options'

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
complete -c tlsdiag -n $check -l expires-soon -x -d 'Warn of certificates with fewer days left'
complete -c tlsdiag -n $check -l json -d 'One JSON document'
complete -c tlsdiag -n $check -l junit -r -F -d 'Write a JUnit report'
complete -c tlsdiag -n $check -l sarif -r -F -d 'Write a SARIF report'
complete -c tlsdiag -n $check -l fail-on -x -a 'error warning' -d 'What makes the exit status 1'
complete -c tlsdiag -n $check -l color -x -a 'auto always never' -d 'Colour the report'
complete -c tlsdiag -n $check -l no-sandbox -d 'Keep the rights that are given up before reading'
complete -c tlsdiag -n $check -s h -l help -d 'Show the options'

# What probe and replay share: the way to the target, the evidence, the report.
set -l live '__fish_seen_subcommand_from probe replay; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $live -a '(__fish_print_hostnames)'
complete -c tlsdiag -n $live -l ca -r -F -d 'Certificates to trust'
complete -c tlsdiag -n $live -l name -x -a '(__fish_print_hostnames)' -d 'Name that the certificate must have'
complete -c tlsdiag -n $live -l config -r -F -d 'mbedTLS configuration header of the device'
complete -c tlsdiag -n $live -l at -x -d 'Judge dates at this time'
complete -c tlsdiag -n $live -l expires-soon -x -d 'Warn of certificates with fewer days left'
complete -c tlsdiag -n $live -l starttls -x -a 'smtp imap pop3 ftp ldap xmpp postgres mysql' -d 'Begin in the clear'
complete -c tlsdiag -n $live -l proxy -x -a '(__fish_print_hostnames)' -d 'Through an HTTP proxy'
complete -c tlsdiag -n $live -s 4 -l ipv4 -d 'Only IPv4'
complete -c tlsdiag -n $live -s 6 -l ipv6 -d 'Only IPv6'
complete -c tlsdiag -n $live -l connect-timeout -x -d 'Longest to get a connection, seconds'
complete -c tlsdiag -n $live -l timeout -x -d 'Longest to wait for each answer, seconds'
complete -c tlsdiag -n $live -l deadline -x -d 'Longest for an attempt as a whole, seconds'
complete -c tlsdiag -n $live -l deep -x -d 'Most CPU seconds of the run for bad signatures'
complete -c tlsdiag -n $live -l write-pcap -r -F -d 'Keep what was said as a capture'
complete -c tlsdiag -n $live -l json -d 'One JSON document'
complete -c tlsdiag -n $live -l ndjson -d 'A line of JSON for each handshake'
complete -c tlsdiag -n $live -l only -x -a 'failed completed all' -d 'List handshakes by outcome'
complete -c tlsdiag -n $live -l all -d 'List every handshake'
complete -c tlsdiag -n $live -l junit -r -F -d 'Write a JUnit report'
complete -c tlsdiag -n $live -l sarif -r -F -d 'Write a SARIF report'
complete -c tlsdiag -n $live -l fail-on -x -a 'error warning' -d 'What makes the exit status 1'
complete -c tlsdiag -n $live -l color -x -a 'auto always never' -d 'Colour the report'
complete -c tlsdiag -n $live -l no-sandbox -d 'Keep the rights that are given up before reading'
complete -c tlsdiag -n $live -s h -l help -d 'Show the options'

# The words that have names in TLS: those that are asked for most.
set -l versions TLS1.0 TLS1.1 TLS1.2 TLS1.3
set -l suites TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 \
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 \
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 \
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 \
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_RSA_WITH_AES_128_GCM_SHA256 \
    TLS_PSK_WITH_AES_128_GCM_SHA256 TLS_PSK_WITH_AES_128_CCM_8
set -l groups x25519 x448 secp256r1 secp384r1 secp521r1 secp256k1 brainpoolP256r1 \
    brainpoolP384r1 brainpoolP512r1 ffdhe2048 ffdhe3072
set -l schemes ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 ecdsa_secp521r1_sha512 \
    rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pss_rsae_sha512 \
    rsa_pkcs1_sha256 rsa_pkcs1_sha384 rsa_pkcs1_sha512
set -l expect outcome={completed,failed,incomplete} version=$versions suite=$suites \
    group=$groups scheme=$schemes key={EC,RSA} key-bits= issuer= subject= sha256= \
    certificates= days-left= alpn={none,h2,http/1.1,mqtt} resumed={true,false} \
    client-certificate={true,false} milliseconds=

set -l probe '__fish_seen_subcommand_from probe; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $probe -l expect -x -a "$expect" -d 'What the server must be like'
complete -c tlsdiag -n $probe -l sni -x -a '(__fish_print_hostnames)' -d 'server_name to send'
complete -c tlsdiag -n $probe -l no-sni -d 'Send no server_name'
complete -c tlsdiag -n $probe -l min-version -x -a "$versions" -d 'Lowest version to accept'
complete -c tlsdiag -n $probe -l max-version -x -a "$versions" -d 'Highest version to offer'
complete -c tlsdiag -n $probe -l suites -x -a "(__fish_append , $suites)" -d 'Cipher suites to offer'
complete -c tlsdiag -n $probe -l groups -x -a "(__fish_append , $groups)" -d 'Groups to offer'
complete -c tlsdiag -n $probe -l sigalgs -x -a "(__fish_append , $schemes)" -d 'Signature schemes to offer'
complete -c tlsdiag -n $probe -l alpn -x -a '(__fish_append , h2 http/1.1 mqtt)' -d 'Application protocols to offer'
complete -c tlsdiag -n $probe -l client -x -a 'diag mbedtls both' -d 'Whose handshakes these are'
complete -c tlsdiag -n $probe -l hello -x -a 'botan chrome curl firefox gnutls go java mbedtls mbedtls-2.28 node nss openssl openssl-1.1.1 openssl-3.0 python rustls wolfssl' -d 'The ClientHello of a known stack'
complete -c tlsdiag -n $probe -l max-fragment-length -x -a '512 1024 2048 4096' -d 'Ask for records of at most so many bytes'
complete -c tlsdiag -n $probe -l cert -r -F -d 'The client\'s own certificate'
complete -c tlsdiag -n $probe -l key -r -F -d 'Its private key'
complete -c tlsdiag -n $probe -l key-password-file -r -F -d 'File whose first line opens that key'
complete -c tlsdiag -n $probe -l psk -r -F -d 'Pre-shared key, a file with its bytes in hex'
complete -c tlsdiag -n $probe -l psk-identity -x -d 'Its name'
complete -c tlsdiag -n $probe -l enumerate -d 'Find out all that the server takes'
complete -c tlsdiag -n $probe -l isolate -d 'Find the change of the hello that lets it in'
complete -c tlsdiag -n $probe -l budget -x -d 'Most connections of these two'
complete -c tlsdiag -n $probe -l delay -x -d 'Milliseconds of rest before each connection of these two'
complete -c tlsdiag -n $probe -l attempts -x -d 'Handshakes in all while they fail'
complete -c tlsdiag -n $probe -l targets -r -F -d 'File with more targets'
complete -c tlsdiag -n $probe -l jobs -x -d 'Targets probed at the same time'
complete -c tlsdiag -n $probe -l keylog -r -F -d 'Keep the session secrets'

set -l replay '__fish_seen_subcommand_from replay; and not __fish_seen_subcommand_from help'
complete -c tlsdiag -n $replay -F
complete -c tlsdiag -n $replay -l handshake -x -d 'The hello of this handshake of the capture'
complete -c tlsdiag -n $replay -l times -x -d 'Send it so often'
complete -c tlsdiag -n $replay -l as-is -d 'Send it byte for byte'
complete -c tlsdiag -n $replay -l rekeyed -d 'Send it with keys of our own, and go on'
complete -c tlsdiag -n $replay -l keylog -r -F -d 'Secrets of the connections'
complete -c tlsdiag -n $replay -l cert -r -F -d 'The client\'s own certificate'
complete -c tlsdiag -n $replay -l key -r -F -d 'Its private key'
complete -c tlsdiag -n $replay -l key-password-file -r -F -d 'File whose first line opens that key'
