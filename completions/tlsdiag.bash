# bash completion for tlsdiag
# shellcheck shell=bash

# What the look-ups complete: the options and values of one, else words of its own.
_tlsdiag_lookup() {
	local command=$1 previous=$2 word=$3 words='' options='--json --color --help'

	[ "$command" != alert ] || options+=' --from --stack --after --fault'
	case $command:$previous in
	*:--color) words='auto always never' ;;
	alert:--from) words='client server' ;;
	alert:--stack)
		words='OpenSSL mbedTLS GnuTLS wolfSSL NSS Botan Go rustls BoringSSL JSSE'
		;;
	alert:--after)
		words='client_hello server_hello encrypted_extensions certificate
			server_key_exchange certificate_request server_hello_done
			client_key_exchange certificate_verify finished'
		;;
	alert:--fault | explain:*)
		words=$("${COMP_WORDS[0]}" explain 2>/dev/null |
			sed -n 's/^  \([a-z][a-z0-9-]*\)  *[^ ].*/\1/p')
		;;
	alert:*)
		words="none $("${COMP_WORDS[0]}" alert 2>/dev/null |
			sed -n 's/^ *[0-9][0-9]*  \([a-z_]*\) .*/\1/p')"
		;;
	esac
	[[ $word != -* ]] || words=$options
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

# What follows "tlsdiag config".
_tlsdiag_config() {
	case $1 in
	--mbedtls-version) mapfile -t COMPREPLY < <(compgen -W '2.7 2.16 2.28 3.0 3.6 4.x' -- "$2") ;;
	--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$2") ;;
	-D | --define) ;;
	*)
		if [[ $2 == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W '--mbedtls-version -D --define --flash
				--cert --key --ca --capture --with-peer --json --color --no-sandbox -h --help' -- "$2")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$2")
		fi
		;;
	esac
}

# What check completes: files, but for the values of some options.
_tlsdiag_check() {
	local previous=$1 word=$2

	case $previous in
	--purpose)
		mapfile -t COMPREPLY < <(compgen -W 'server client' -- "$word")
		return
		;;
	--fail-on)
		mapfile -t COMPREPLY < <(compgen -W 'error warning' -- "$word")
		return
		;;
	--color)
		mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word")
		return
		;;
	--name | --at | --expires-soon) return ;;
	esac
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--cert --chain --key --key-password-file --ca
			--name --purpose --config --at --expires-soon --json --junit --sarif --fail-on --color --no-sandbox
			--help' -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

# The words that have names in TLS: those that are asked for most.
_tlsdiag_names() {
	case $1 in
	versions) echo 'TLS1.0 TLS1.1 TLS1.2 TLS1.3' ;;
	suites)
		echo 'TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256
			TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
			TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
			TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8
			TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
			TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
			TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
			TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
			TLS_RSA_WITH_AES_128_GCM_SHA256 TLS_PSK_WITH_AES_128_GCM_SHA256
			TLS_PSK_WITH_AES_128_CCM_8'
		;;
	groups)
		echo 'x25519 x448 secp256r1 secp384r1 secp521r1 secp256k1 brainpoolP256r1
			brainpoolP384r1 brainpoolP512r1 ffdhe2048 ffdhe3072'
		;;
	sigalgs)
		echo 'ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 ecdsa_secp521r1_sha512
			rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pss_rsae_sha512
			rsa_pkcs1_sha256 rsa_pkcs1_sha384 rsa_pkcs1_sha512'
		;;
	alpn) echo 'h2 http/1.1 mqtt' ;;
	starttls) echo 'smtp imap pop3 ftp ldap xmpp postgres mysql' ;;
	expectations)
		echo 'outcome version suite group scheme key key-bits issuer subject sha256
			certificates days-left alpn resumed client-certificate milliseconds'
		;;
	esac
}

# _tlsdiag_list NAMES WORD: the last of a list that is parted by commas.
_tlsdiag_list() {
	local before=''

	[[ $2 != *,* ]] || before=${2%,*},
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$(_tlsdiag_names "$1")" -- "${2##*,}")
}

# _tlsdiag_expected KEY WORD: what may stand behind --expect KEY=.
_tlsdiag_expected() {
	local words=''

	case $1 in
	outcome) words='completed failed incomplete' ;;
	version) words=$(_tlsdiag_names versions) ;;
	suite) words=$(_tlsdiag_names suites) ;;
	group) words=$(_tlsdiag_names groups) ;;
	scheme) words=$(_tlsdiag_names sigalgs) ;;
	key) words='EC RSA' ;;
	alpn) words="none $(_tlsdiag_names alpn)" ;;
	resumed | client-certificate) words='true false' ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
}

# The options of probe and of replay.
_tlsdiag_live_options() {
	echo '--ca --name --config --at --expires-soon --starttls --proxy -4 --ipv4 -6 --ipv6 --connect-timeout
		--timeout --deadline --deep --write-pcap --json --ndjson --only --all --junit --sarif
		--fail-on --color --no-sandbox -h --help'
	case $1 in
	probe)
		echo '--expect --sni --no-sni --min-version --max-version --suites --groups
			--client --hello --sigalgs --alpn --max-fragment-length --cert --key --key-password-file
			--psk --psk-identity --enumerate --isolate --budget --delay --attempts --targets --jobs --keylog'
		;;
	replay) echo '--handshake --times --as-is --rekeyed --keylog --cert --key --key-password-file' ;;
	esac
}

# _tlsdiag_live COMMAND PREVIOUS WORD: what probe and replay complete.
_tlsdiag_live() {
	local command=$1 previous=$2 word=$3 words=''

	case $previous in
	--ca | --config | --cert | --key | --key-password-file | --psk | --targets | --write-pcap | \
		--keylog | --junit | --sarif)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	--name | --sni | --proxy)
		mapfile -t COMPREPLY < <(compgen -A hostname -- "$word")
		return
		;;
	--suites | --groups | --sigalgs | --alpn)
		_tlsdiag_list "${previous#--}" "$word"
		return
		;;
	--expect)
		compopt -o nospace 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -S = -W "$(_tlsdiag_names expectations)" -- "$word")
		return
		;;
	--at | --expires-soon | --psk-identity | --connect-timeout | --timeout | --deadline | --attempts | --jobs | --deep | --budget | --delay | \
		--handshake | --times) return ;;
	--min-version | --max-version) words=$(_tlsdiag_names versions) ;;
	--client) words='diag mbedtls both' ;;
	--max-fragment-length) words='512 1024 2048 4096' ;;
	--starttls) words=$(_tlsdiag_names starttls) ;;
	--only) words='failed completed all' ;;
	--fail-on) words='error warning' ;;
	--color) words='auto always never' ;;
	esac
	[[ -n $words || $word != -* ]] || words=$(_tlsdiag_live_options "$command")
	if [ -n "$words" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	else
		mapfile -t COMPREPLY < <(
			[ "$command" = probe ] || compgen -f -- "$word"
			compgen -A hostname -- "$word"
		)
	fi
}

_tlsdiag() {
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local commands='pcap log probe replay check config strerror alert explain' at=$((COMP_CWORD - 1))

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands help --help --version" -- "$word"
			[ -z "$word" ] || compgen -f -- "$word")
		return
	fi
	if [ "${COMP_WORDS[1]}" = help ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
		return
	fi
	# "--option=value" comes as three words, "--expect key=value" as four.
	if [ "$word" = = ] || [ "$previous" = = ]; then
		[ "$word" = = ] || at=$((at - 1))
		previous=${COMP_WORDS[at]}
		word=${word#=}
		if [[ $previous != -* && ${COMP_WORDS[*]:at-2:2} =~ (^|\ )--expect(\ =)?$ ]]; then
			_tlsdiag_expected "$previous" "$word"
			return
		fi
	fi
	case ${COMP_WORDS[1]} in
	strerror | alert | explain)
		_tlsdiag_lookup "${COMP_WORDS[1]}" "$previous" "$word"
		return
		;;
	config)
		_tlsdiag_config "$previous" "$word"
		return
		;;
	check)
		_tlsdiag_check "$previous" "$word"
		return
		;;
	probe | replay)
		_tlsdiag_live "${COMP_WORDS[1]}" "$previous" "$word"
		return
		;;
	esac
	case $previous in
	--ca | --cert | --key | --config | --keylog | --junit | --sarif | --redact | --log)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	--verify)
		mapfile -t COMPREPLY < <(compgen -W 'auto all none' -- "$word")
		return
		;;
	--fail-on)
		mapfile -t COMPREPLY < <(compgen -W 'error warning' -- "$word")
		return
		;;
	--only)
		mapfile -t COMPREPLY < <(compgen -W 'failed completed all' -- "$word")
		return
		;;
	--color)
		mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word")
		return
		;;
	--name | --at | --expires-soon | --server | --client | --filter | --format | --deep) return ;;
	esac
	if [[ $word == -* ]]; then
		local options='--ca --name --cert --key --config --keylog --at --expires-soon --deep --json
			--ndjson --only --all --junit --sarif --fail-on --color --no-sandbox --help'

		case ${COMP_WORDS[1]} in
		log) options+=' --format --redact --anonymise --code --state --mbedtls --role --alert-received' ;;
		*) options+=' --server --client --filter --verify --log' ;;
		esac
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

complete -o filenames -F _tlsdiag tlsdiag
