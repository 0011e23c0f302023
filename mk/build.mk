# Objects, the library and the program.

OBJCOPY ?= objcopy

lib_src := $(filter-out src/cli/%,$(wildcard src/*/*.c src/*/*/*.c))
cli_src := $(wildcard src/cli/*.c src/cli/*/*.c)
lib_obj := $(lib_src:%.c=$(BUILD)/obj/%.o)
cli_obj := $(cli_src:%.c=$(BUILD)/obj/%.o)
program := $(if $(wildcard src/cli/main.c),$(BUILD)/tlsdiag)

generated := $(if $(wildcard tools/gen-names.sh),$(GEN)/names.inc) \
	$(if $(wildcard tools/gen-pages.sh),$(GEN)/pages.inc) \
	$(if $(wildcard tools/gen-config.sh),$(GEN)/config.inc) \
	$(if $(wildcard tools/gen-builds.sh),$(GEN)/builds.inc) \
	$(if $(wildcard tools/gen-hellos.sh),$(GEN)/hellos.inc)

# A file that changes only when its text does: what depends on it is made again exactly then.
# $(call remember,NAME,TEXT)
define remember
$(BUILD)/$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(subst ','\'',$(2))' | cmp -s - $$@ || printf '%s\n' '$(subst ','\'',$(2))' >$$@
endef
.PHONY: FORCE
FORCE:
$(eval $(call remember,flags.txt,$(CC) $(cppflags) $(cflags) $(src_cflags) $(lto)))
$(eval $(call remember,link-flags.txt,$(ldflags) $(libs)))
$(eval $(call remember,lib-objects.txt,$(lib_obj)))
$(eval $(call remember,program-objects.txt,$(cli_obj)))
$(eval $(call remember,pages.txt,$(wildcard docs/rules/*.md)))

# Names the Debian package of a library that is missing, before the compiler stumbles over it.
$(BUILD)/configured: tools/setup.sh $(mbedtls_ready)
	@mkdir -p $(@D)
	@CC='$(CC)' CPPFLAGS='$(if $(mbedtls_dir),-isystem $(mbedtls_dir)/include) $(CPPFLAGS)' \
		sh tools/setup.sh --missing build
	@touch $@

build/mbedtls-3.6/sdk/ready: tools/fetch-mbedtls.sh tools/private-apt.sh
	@sh tools/fetch-mbedtls.sh 3.6 build/mbedtls-3.6
	@touch $@

$(GEN)/names.inc: tools/gen-names.sh $(wildcard data/*.tsv data/iana/*.tsv)
	@mkdir -p $(@D)
	$(call quiet,GEN)sh tools/gen-names.sh data >$@

$(GEN)/pages.inc: tools/gen-pages.sh $(wildcard docs/rules/*.md) $(BUILD)/pages.txt
	@mkdir -p $(@D)
	$(call quiet,GEN)sh tools/gen-pages.sh docs/rules >$@

$(GEN)/builds.inc: tools/gen-builds.sh $(wildcard data/config/suites-*.tsv data/config/flash-*.tsv data/config/ram-*.tsv)
	@mkdir -p $(@D)
	$(call quiet,GEN)sh tools/gen-builds.sh data/config >$@

$(GEN)/config.inc: tools/gen-config.sh $(wildcard data/config/*.tsv)
	@mkdir -p $(@D)
	$(call quiet,GEN)sh tools/gen-config.sh data/config >$@

$(GEN)/hellos.inc: tools/gen-hellos.sh $(wildcard data/hellos/*.hex)
	@mkdir -p $(@D)
	$(call quiet,GEN)sh tools/gen-hellos.sh data/hellos >$@

lto_folders := base wire session capture diagnose/checks
$(BUILD)/obj/src/%.o: obj_cflags = $(src_cflags)
# (What gcc adds for it is named at random, if not after the file: the bytes would never be the same.)
$(filter $(lto_folders:%=$(BUILD)/obj/src/%/%),$(lib_obj)): \
	obj_cflags = $(src_cflags) $(if $(lto),$(lto) -frandom-seed=$<)

# Forensics tries signatures by the ten thousand in seconds, counted or not.
$(if $(call on,$(COVERAGE)),$(filter $(BUILD)/obj/src/crypto/%,$(lib_obj))): obj_cflags += -O2

# Four limbs that were written one by one are not there yet when they are read as a vector: that takes longer
# than the rest of a multiplication.
$(BUILD)/obj/src/crypto/modular.o: obj_cflags += -fno-tree-vectorize -fno-tree-slp-vectorize

$(BUILD)/obj/%.o: %.c $(BUILD)/flags.txt | $(BUILD)/configured $(generated)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(cppflags) $(obj_cppflags) $(cflags) $(obj_cflags) -MMD -MP -c $< -o $@

# Other programs, and the tests, get plain objects: what gcc adds for whole-program optimisation only
# the same gcc can read.
$(BUILD)/libtlsdiag.a: $(lib_obj) $(BUILD)/lib-objects.txt
	$(call quiet,AR)rm -f $@ && $(AR) rcsD $@ $(lib_obj)$(if $(lto), && \
		$(OBJCOPY) -R '.gnu.lto_*' -R '.gnu.debuglto_*' $@)

# The shared one is for tests that exchange it; what is installed is the archive. Its name has no
# folder, so that LD_LIBRARY_PATH can lead to another one.
$(BUILD)/libtlsdiag.so: $(lib_obj) $(BUILD)/lib-objects.txt $(BUILD)/link-flags.txt
	$(call quiet,LINK)$(CC) $(cflags) -shared -Wl,-soname,$(@F) $(lib_obj) $(libs) -o $@

# Lets the program write what it has counted in spite of its sandbox.
counting := $(if $(call on,$(COVERAGE)),$(if $(filter Linux,$(shell uname -s)),$(BUILD)/obj/tests/coverage/outside.o))

library := $(BUILD)/libtlsdiag.$(if $(call on,$(SHARED)),so,a)
program_lib := $(if $(call on,$(SHARED)),$(library),$(lib_obj))

$(BUILD)/tlsdiag: $(cli_obj) $(program_lib) $(counting) $(BUILD)/link-flags.txt $(BUILD)/program-objects.txt \
		$(BUILD)/lib-objects.txt
	$(call quiet,LINK)$(CC) $(cflags) $(src_cflags) $(lto) $(ldflags) $(cli_obj) $(program_lib) $(counting) $(libs) -o $@

-include $(lib_obj:.o=.d) $(cli_obj:.o=.d)
