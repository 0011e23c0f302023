# Builds tlsdiag. `make help` lists what it can do.
#
# Everything made goes under build/. Each flavour (a compiler, sanitizers, an mbedTLS version) has a
# folder of its own there, so that flavours never mix; a change of flags rebuilds that flavour.

.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VERSION := $(file <VERSION)

include mk/flavour.mk
include mk/build.mk
include mk/test.mk
include mk/install.mk

.DEFAULT_GOAL := all
.PHONY: all setup demo clean help

all: $(BUILD)/libtlsdiag.a $(program) ## build the library and the program (the default)

setup: ## install the libraries and the compiler that are missing (Debian packages)
	@sh tools/setup.sh build

demo: ## install what is missing, build, and diagnose the bundled forum capture
	@sh tools/setup.sh build
	@$(MAKE) --no-print-directory all
	@sh tools/demo.sh $(BUILD)/tlsdiag

clean: ## remove everything that was made
	rm -rf build

help: ## show this list
	@echo 'usage: make [TARGET] [VARIABLE=value]'
	@echo
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | \
		awk -F '|' '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)
