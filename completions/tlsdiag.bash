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
	--name | --at) return ;;
	esac
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--cert --chain --key --key-password-file --ca
			--name --purpose --at --json --junit --sarif --fail-on --color --help' -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

_tlsdiag() {
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W 'pcap check strerror alert explain help --help --version' -- "$word")
		return
	fi
	if [ "${COMP_WORDS[1]}" = help ]; then
		mapfile -t COMPREPLY < <(compgen -W 'pcap check strerror alert explain' -- "$word")
		return
	fi
	case ${COMP_WORDS[1]} in
	strerror | alert | explain)
		_tlsdiag_lookup "${COMP_WORDS[1]}" "$previous" "$word"
		return
		;;
	check)
		_tlsdiag_check "$previous" "$word"
		return
		;;
	esac
	case $previous in
	--ca | --cert | --key | --config | --junit | --sarif)
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
	--name | --at | --server | --client | --filter | --deep) return ;;
	esac
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--ca --name --cert --key --config --at --server
			--client --filter --verify --deep --json --ndjson --only --all --junit
			--sarif --fail-on --color --help' -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

complete -o filenames -F _tlsdiag tlsdiag
