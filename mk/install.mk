# Installing and packing.

#: PREFIX=/usr/local   where `make install` puts things; DESTDIR= is put before it

PREFIX ?= /usr/local
bindir := $(DESTDIR)$(PREFIX)/bin
libdir := $(DESTDIR)$(PREFIX)/lib
includedir := $(DESTDIR)$(PREFIX)/include
datadir := $(DESTDIR)$(PREFIX)/share
package := tlsdiag-$(VERSION)

man_pages := $(wildcard docs/man/*.1)
public_headers := $(wildcard include/tlsdiag/*.h)

# $(call put,MODE,FILES,FOLDER): installs the files, if there are any.
put = $(if $(strip $(2)),install -d '$(3)' && install -m $(1) $(2) '$(3)/',:)

.PHONY: install dist

install: all ## install program, library, headers, manual pages and completions (PREFIX=, DESTDIR=)
	$(silent)$(call put,755,$(program),$(bindir))
	$(silent)$(call put,644,$(BUILD)/libtlsdiag.a,$(libdir))
	$(silent)$(call put,644,$(public_headers),$(includedir)/tlsdiag)
	$(silent)$(call put,644,$(man_pages),$(datadir)/man/man1)
	$(silent)$(call put,644,$(wildcard completions/_tlsdiag),$(datadir)/zsh/site-functions)
	$(silent)$(call put,644,$(wildcard completions/tlsdiag.fish),$(datadir)/fish/vendor_completions.d)
	$(silent)$(if $(wildcard completions/tlsdiag.bash),install -D -m 644 completions/tlsdiag.bash \
		'$(datadir)/bash-completion/completions/tlsdiag')
	$(silent)$(call put,644,LICENSE,$(datadir)/doc/tlsdiag)
	@echo "installed under $(DESTDIR)$(PREFIX)"

dist: ## pack the committed sources into build/tlsdiag-VERSION.tar.gz
	@git rev-parse -q --verify HEAD >/dev/null 2>&1 || \
		{ echo 'make dist packs the last commit of a git checkout: there is none here' >&2; exit 1; }
	@mkdir -p build
	$(silent)git archive --format=tar --prefix=$(package)/ HEAD | gzip -9n >build/$(package).tar.gz
	@echo build/$(package).tar.gz
