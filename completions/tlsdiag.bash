# bash completion for tlsdiag
# shellcheck shell=bash

_tlsdiag() {
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W 'pcap help --help --version' -- "$word")
		return
	fi
	if [ "${COMP_WORDS[1]}" = help ]; then
		mapfile -t COMPREPLY < <(compgen -W 'pcap' -- "$word")
		return
	fi
	case $previous in
	--ca | --cert | --key | --config)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	--verify)
		mapfile -t COMPREPLY < <(compgen -W 'auto all none' -- "$word")
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
			--client --filter --verify --deep --json --ndjson --only --all --color
			--help' -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

complete -o filenames -F _tlsdiag tlsdiag
