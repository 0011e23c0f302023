# Tests, fuzzing, linting and measuring.

#: SUITES="unit cli"   only these suites of tests: unit rules fuzz cli fixtures docs
#: TESTS="test_a ..."  only these of the unit tests
#: BASE=PROGRAM        another tlsdiag, say of before a change: bench-against, same-reports
#: SEED=n SHARE=1/10   truth: a share of it; ONLY='rules/*' or '*:late-*', PART=damaged, live or log,
#:                     CASES="DIR ..." with folders of labelled cases beside the fixtures
#: FUZZ_SECONDS=n      how long each fuzz target runs (default 30)
#: KINDS="talks ..."   explore: only these

SUITES ?= unit rules fuzz cli fixtures docs
FUZZ_SECONDS ?= 30
# Of either mbedTLS, where it is built: each probes in its own way.
other_builds := build/tlsdiag build/mbedtls-3.6/tlsdiag
N ?= 200
MOST ?= 5

support_src := $(wildcard tests/support/*.c) \
	$(filter-out tests/rules/test_%,$(wildcard tests/rules/*.c))
unit_src := $(wildcard tests/unit/test_*.c tests/rules/test_*.c)
fuzz_src := $(wildcard tests/fuzz/fuzz_*.c)
support_obj := $(support_src:%.c=$(BUILD)/obj/%.o)
support_lib := $(BUILD)/obj/tests/libsupport.a
unit_bin := $(unit_src:%.c=$(BUILD)/%)
replay_bin := $(fuzz_src:%.c=$(BUILD)/%)
fuzzer_bin := $(fuzz_src:tests/fuzz/%.c=$(BUILD)/%)
explored := $(or $(KINDS),$(patsubst tests/unit/test_found_%.c,%,$(wildcard tests/unit/test_found_*.c)))
# mbedTLS's own test server, for the live tests; where it cannot be made they say so and skip.
ssl_server2 := $(BUILD)/ssl_server2
ssl_client2 := $(BUILD)/ssl_client2
# What refuses memory: tests/alloc/sweep.py. Sanitizers have an allocator of their own.
failing := $(if $(strip $(sanitize)),,$(BUILD)/tests/alloc/failing.so)
# Preloaded into the program under test, it makes calls that the sandbox is to refuse.
forbidden := $(if $(filter Linux,$(shell uname -s)),$(BUILD)/tests/forbidden.so)
wanted_bin := $(if $(filter unit,$(SUITES)),$(filter $(addprefix $(BUILD)/tests/unit/,$(or $(TESTS),%)),$(unit_bin))) \
	$(if $(filter rules,$(SUITES)),$(filter $(BUILD)/tests/rules/%,$(unit_bin))) \
	$(if $(filter fuzz,$(SUITES)),$(replay_bin)) \
	$(if $(filter cli fixtures docs,$(SUITES)),$(program)) \
	$(if $(filter cli,$(SUITES)),$(ssl_server2) $(failing) $(forbidden))

.PHONY: check test truth config-truth config-truth-run config-builds config-flash \
	completes alloc-sweep fuzz fuzzers explore explorers lint bench bench-hostile bench-against same-reports verifiers \
	reproducible coverage coverage-run mutants mutants-run
.SECONDARY:

check: ## install the test tools that are missing and run every test
	@sh tools/setup.sh build test
	@$(MAKE) --no-print-directory test

test: $(wanted_bin) ## run every test with the tools that are there
	@BUILD='$(BUILD)' TESTS='$(TESTS)' bash tests/run.sh $(SUITES)

$(ssl_server2) $(ssl_client2): tools/fetch-mbedtls-programs.sh tools/private-apt.sh $(BUILD)/link-flags.txt \
		| $(BUILD)/configured
	@CC='$(CC)' CPPFLAGS='$(if $(mbedtls_dir),-isystem $(mbedtls_dir)/include)' \
		LIBS='$(mbedtls_libs)' sh tools/fetch-mbedtls-programs.sh build/mbedtls-sources $@ || :

$(BUILD)/tests/alloc/failing.so: tests/alloc/failing.c $(BUILD)/flags.txt
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) -std=c11 -D_DEFAULT_SOURCE $(warnings) -O2 -fPIC -shared $< -o $@

# RELEASES='2.28=INCLUDE 3.6=INCLUDE', EVERY=n: each n-th of the variants; RANDOM=n configurations with several things turned.
# Without RELEASES: 2.28's headers of the system, 3.6's where they were fetched, and 2.16's where they can be.
truth_releases = $(or $(RELEASES),2.28=/usr/include $(patsubst %,3.6=%,$(wildcard build/mbedtls-3.6/sdk/include)) \
	$(patsubst %,2.16=%,$(wildcard build/mbedtls-2.16/usr/include)))
config-truth: $(program) ## turn switches of mbedTLS's own configurations: does the compiler agree with tlsdiag config?
	$(if $(RELEASES)$(wildcard build/mbedtls-2.16),,-@sh tools/fetch-mbedtls-2.16.sh build/mbedtls-2.16)
	@$(MAKE) --no-print-directory config-truth-run

config-truth-run:
	$(call quiet,RUN)TLSDIAG=$(program) python3 -B tests/config/truth.py --every $(or $(EVERY),1) $(truth_releases)
	$(call quiet,RUN)TLSDIAG=$(program) python3 -B tests/config/truth.py --random $(or $(RANDOM),300) --seed $(or $(SEED),1) \
		$(truth_releases)
	$(if $(mbedtls_sources),@$(MAKE) --no-print-directory config-builds)

# SOURCES='2.28.3=FOLDER 3.6.6=FOLDER': the releases' sources; else those that were fetched for ssl_server2.
fetched_sources := $(patsubst build/mbedtls-sources/%/library,%,$(wildcard build/mbedtls-sources/*/library))
mbedtls_sources := $(or $(SOURCES),$(foreach v,$(fetched_sources),$(v)=build/mbedtls-sources/$(v)))
config-builds: $(program) $(if $(mbedtls_sources),,$(ssl_server2)) ## build mbedTLS many times: does it negotiate what tlsdiag config says?
	$(call quiet,RUN)TLSDIAG=$(program) python3 -B tests/config/builds.py $(if $(ROWS),--rows $(ROWS)) \
		$(or $(mbedtls_sources),2.28.3=build/mbedtls-sources/2.28.3)
	$(call quiet,RUN)TLSDIAG=$(program) python3 -B tests/config/traps.py $(if $(ROWS),--rows $(ROWS)) \
		$(or $(mbedtls_sources),2.28.3=build/mbedtls-sources/2.28.3)

config-flash: $(if $(mbedtls_sources),,$(ssl_server2)) ## measure data/config/flash-*.tsv anew with arm-none-eabi-gcc (minutes)
	$(call quiet,RUN)python3 -B tools/flash-measure.py $(or $(mbedtls_sources),2.28.3=build/mbedtls-sources/2.28.3)

truth: $(program) $(ssl_server2) $(ssl_client2) ## damage every fixture, be a faulty server, read logs of it: does the diagnosis stay true?
	@sh tools/setup.sh build test
	@BUILD='$(BUILD)' TLSDIAG='$(or $(TLSDIAG),$(CURDIR)/$(BUILD)/tlsdiag)' \
		TLSDIAGS='$(addprefix $(CURDIR)/,$(filter-out $(BUILD)/tlsdiag,$(wildcard $(other_builds))))' \
		PATH="/usr/bin:$$PATH" python3 -B tests/truth/truth.py $(if $(SEED),--seed $(SEED)) \
		$(if $(SHARE),--share $(SHARE)) $(if $(ONLY),--only '$(ONLY)') $(if $(PART),--part $(PART)) $(if $(BEAR),--bear $(BEAR)) \
		$(if $(DRESS),--dress '$(DRESS)') $(if $(AGAIN),--again) \
		$(CASES:%=--cases %)

completes: $(program) $(ssl_server2) ## probe each server program that is installed with every suite and group that it takes
	@sh tools/setup.sh build test
	@python3 -B tests/live/completes.py $(if $(ONLY),--only '$(ONLY)') $(sort $(BUILD)/tlsdiag $(wildcard $(other_builds)))

alloc-sweep: $(program) $(failing) ## refuse every request for memory once, in each command (minutes)
	@BUILD='$(BUILD)' ALLOC_SWEEP=full TEST_SECONDS=7200 bash tests/run.sh alloc

$(BUILD)/tests/forbidden.so: tests/sandbox/forbidden.c $(BUILD)/flags.txt | $(BUILD)/configured
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) -std=c11 $(warnings) -O2 -g -fPIC -shared $< -o $@ -ldl

fuzz: ## run every fuzz target for FUZZ_SECONDS with libFuzzer
	@sh tools/setup.sh build fuzz
	@$(MAKE) --no-print-directory FUZZ=1 CC=clang fuzzers
	@bash tests/fuzz/run.sh build/fuzz$(if $(filter 3.6,$(MBEDTLS)),-mbedtls-3.6) $(FUZZ_SECONDS)

fuzzers: $(if $(FUZZ),$(fuzzer_bin))

explore: ## look for inputs that reach something new, for the listings in tests/unit/facts/found (FUZZ_SECONDS, KINDS)
	@sh tools/setup.sh build test fuzz
	@$(MAKE) --no-print-directory EXPLORE=1 CC=clang CFLAGS='-O2 -g' explorers
	@$(MAKE) --no-print-directory $(explored:%=$(BUILD)/tests/unit/test_found_%)
	@python3 tests/fuzz/explore.py build/explore $(BUILD) $(FUZZ_SECONDS) $(explored)

explorers: $(if $(call on,$(EXPLORE)),$(explored:%=$(BUILD)/explore_%))

lint: ## clang-tidy, cppcheck, clang-format, shellcheck, and the project's own: layers, words, ...
	@sh tools/setup.sh build lint
	@$(MAKE) --no-print-directory -s $(BUILD)/configured $(generated)
	@CC='$(CC)' CPPFLAGS='$(subst ','\'',$(cppflags))' bash tests/lint/run.sh

bench: $(program) ## make large captures and measure time and memory on them
	@sh tools/setup.sh build test
	@BUILD='$(BUILD)' bash tests/bench/run.sh

bench-hostile: $(program) ## hold CPU and memory against captures made to cost much
	@sh tools/setup.sh build test
	@BUILD='$(BUILD)' bash tests/bench/hostile.sh

bench-against: $(program) ## count the instructions of this program and of BASE=PROGRAM (MOST=percent)
	@sh tools/setup.sh build test
	@BUILD='$(BUILD)' BASE='$(BASE)' MOST='$(if $(filter command line,$(origin MOST)),$(MOST),3)' \
		bash tests/bench/against.sh

same-reports: $(program) ## compare the reports of this program and of BASE=PROGRAM (FOLDERS="...")
	@sh tools/setup.sh build test
	@python3 tests/same_reports.py '$(BUILD)/tlsdiag' '$(BASE)' $(FOLDERS)

CHAINS ?= fixtures/verifiers
verifiers: $(program) ## hold check's word on who refuses a certificate against what was measured (CHAINS=FOLDER)
	@sh tools/setup.sh build test
	@python3 tests/verifiers/agree.py '$(BUILD)/tlsdiag' data $(CHAINS)

reproducible: ## build library and program in two folders and compare the bytes
	@sh tools/setup.sh build
	@CC='$(CC)' bash tests/reproducible.sh

coverage: ## run all tests counted: which share of lines and branches of each folder ran, and its goal
	@sh tools/setup.sh build test coverage
	@$(MAKE) --no-print-directory COVERAGE=1 coverage-run

# The unit tests first: some folders are to be reached by them alone. The table is printed whether or not
# all tests passed.
coverage_units := unit rules
coverage_run = BUILD='$(BUILD)' python3 tests/coverage/coverage.py

coverage-run:
	@$(coverage_run) begin
	@status=0; \
	$(MAKE) --no-print-directory SUITES='$(coverage_units)' test || status=1; \
	$(coverage_run) unit && \
	{ $(MAKE) --no-print-directory SUITES='$(filter-out $(coverage_units),$(SUITES))' test || status=1; } && \
	$(coverage_run) whole && exit $$status

mutants: ## change N small things (default 200), one at a time: does a test notice? (SEED=n, MOST=percent)
	@sh tools/setup.sh build test
	@$(MAKE) --no-print-directory SHARED=1 mutants-run

mutants-run: $(filter-out $(BUILD)/tests/fuzz/%,$(unit_bin)) $(program)
	@BUILD='$(BUILD)' CC='$(CC)' CFLAGS='$(subst ','\'',$(cppflags) $(cflags))' LIBS='$(libs)' \
		python3 tests/mutants/mutants.py -n $(N) --most $(MOST) $(if $(SEED),--seed $(SEED)) $(MUTANTS_FLAGS)

$(BUILD)/obj/tests/%.o: obj_cppflags = -Itests
# Sanitizers watch what the tests call; to optimise 50,000 lines of tests for them takes minutes.
$(if $(call on,$(SAN))$(call on,$(TSAN)),$(BUILD)/obj/tests/%.o: obj_cflags = -O0)

# What a test needs of the program, which is no part of the library.
out_file_obj := $(BUILD)/obj/src/cli/out_file.o $(BUILD)/obj/src/cli/litter.o
out_file_bin := $(BUILD)/tests/unit/test_out_file $(BUILD)/tests/unit/test_sandbox
$(out_file_bin): $(out_file_obj)
$(out_file_bin): of_program = $(out_file_obj)

# Each has of it what it uses.
$(support_lib): $(support_obj)
	$(call quiet,AR)rm -f $@ && $(AR) rcsD $@ $^

$(unit_bin): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(support_lib) $(library) \
		$(BUILD)/link-flags.txt
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(cflags) $(ldflags) $< $(of_program) $(support_lib) $(library) \
		-lcmocka -lcjson $(libs) -o $@

# A target that has the server of the tests answer.
$(BUILD)/tests/fuzz/fuzz_peer $(BUILD)/fuzz_peer: $(BUILD)/obj/tests/support/peer.o
$(BUILD)/tests/fuzz/fuzz_peer $(BUILD)/fuzz_peer: of_target = $(BUILD)/obj/tests/support/peer.o
$(BUILD)/tests/fuzz/fuzz_peer $(BUILD)/fuzz_peer: libs += -lcmocka

# The seeds of a fuzz target as an ordinary test: the target with a small main of our own.
$(replay_bin): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(BUILD)/obj/tests/fuzz/replay.o \
		$(BUILD)/libtlsdiag.a $(BUILD)/link-flags.txt
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(cflags) $(ldflags) $< $(BUILD)/obj/tests/fuzz/replay.o \
		$(of_target) $(BUILD)/libtlsdiag.a $(libs) -o $@

$(BUILD)/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/libtlsdiag.a $(BUILD)/link-flags.txt
	$(call quiet,LINK)$(CC) $(cflags) $(ldflags) -fsanitize=fuzzer $< \
		$(of_target) $(BUILD)/libtlsdiag.a $(libs) -o $@

# A test that plays inputs as a target of libFuzzer. What it does to play them is nothing to be explored.
$(BUILD)/explore_%: tests/unit/test_found_%.c $(support_lib) $(library) $(BUILD)/link-flags.txt
	$(call quiet,LINK)$(CC) $(cppflags) -Itests -DTLSDIAG_EXPLORE $(filter-out -fsanitize=%,$(cflags)) \
		-c $< -o $@.o && $(CC) $(cflags) $(ldflags) -fsanitize=fuzzer $@.o $(support_lib) $(library) \
		-lcmocka -lcjson $(libs) -o $@

-include $(unit_src:%.c=$(BUILD)/obj/%.d) $(support_src:%.c=$(BUILD)/obj/%.d)
-include $(fuzz_src:%.c=$(BUILD)/obj/%.d) $(BUILD)/obj/tests/fuzz/replay.d
