# What can be done with this tree. `make` alone prints the list.
#
# Recipes print one line per step; the full output of a step is in .build/log/ and is shown when the step fails.

SHELL := /bin/bash
.DEFAULT_GOAL := help

SWIFT ?= swift
ARGS ?=

DESTDIR ?=
PREFIX ?= /usr/local
CNI_BIN_DIR ?= /opt/cni/bin

bin_dir = $(DESTDIR)$(PREFIX)/bin
share_dir = $(DESTDIR)$(PREFIX)/share
plugin_dir = $(DESTDIR)$(CNI_BIN_DIR)
doc_dir = $(share_dir)/doc/spiderpool
completions = $(share_dir)/bash-completion/completions/spiderpoolctl \
	$(share_dir)/zsh/site-functions/_spiderpoolctl \
	$(share_dir)/fish/vendor_completions.d/spiderpoolctl.fish

quietly = Scripts/quietly

# Other compiler flags rebuild everything, so each kind of product has a build folder of its own:
# .build for development, .build/plugins for static executables, .build/cli for the command-line tool.
release = $(SWIFT) build -c release --disable-index-store -Xlinker -s
# A plugin lives for a millisecond. Half of it would go into making generic types from their mangled names at run time, so
# the compiler calls the functions that make them instead; and nobody reads its reflection metadata.
plugin_flags = --scratch-path .build/plugins -Xswiftc -static-executable \
	-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
	-Xswiftc -Xfrontend -Xswiftc -disable-reflection-metadata
cli_flags = --scratch-path .build/cli --static-swift-stdlib
simulation_flags = --scratch-path .build/simulation -Xswiftc -enable-testing
simulation = $(SWIFT) build -c release $(simulation_flags)
benchmarks = $(SWIFT) build -c release --disable-index-store --package-path Benchmarks

# What make simulate runs; with the seed of a failure and SCHEDULES=1 it replays that one.
SEED ?= $(shell date +%s)
SCHEDULES ?= 1000000
STEPS ?= 80

# The plugins, each a static executable.
plugins = ipam coordinator ifacer

.PHONY: help setup build plugins cli agent test test-cluster simulate demo bench bench-cluster lint docs install uninstall clean

help: ## This list.
	@echo 'Targets:'
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1	\2/p' Makefile | expand -t 24
	@echo 'Variables:'
	@echo '  ARGS            more arguments for the test runner or the benchmarks: make test ARGS="--filter IPAMCoreTests"'
	@echo '  SEED SCHEDULES STEPS   what make simulate runs (now $(SEED) $(SCHEDULES) $(STEPS))'
	@echo '  PREFIX          where install puts the tool (now $(PREFIX))'
	@echo '  CNI_BIN_DIR     where install puts the plugins (now $(CNI_BIN_DIR))'
	@echo '  DESTDIR         prepended to both, for packagers'

setup: ## Install the Debian packages that are missing (as root), check the Swift toolchain.
	@SWIFT="$(SWIFT)" Scripts/setup

build: plugins cli agent ## Release build of plugins (static), command-line tool and agent, into .build/dist.
	@ls -l --block-size=K .build/dist | awk 'NF > 5 { print "  .build/dist/" $$NF "  " $$5 }'

plugins: setup
	@for plugin in $(plugins); do \
		$(quietly) build-$$plugin "Building the plugin $$plugin: release, static" \
			$(release) $(plugin_flags) --product $$plugin && \
		install -D -m 755 .build/plugins/release/$$plugin .build/dist/$$plugin || exit 1; \
	done

cli: setup
	@$(quietly) build-cli 'Building spiderpoolctl: release' $(release) $(cli_flags) --product spiderpoolctl
	@install -D -m 755 .build/cli/release/spiderpoolctl .build/dist/spiderpoolctl

agent: setup
	@$(quietly) build-agent 'Building spiderpool-agent: release' $(release) $(cli_flags) --product spiderpool-agent
	@install -D -m 755 .build/cli/release/spiderpool-agent .build/dist/spiderpool-agent

test: setup ## Debug build and all tests but those of the cluster; ARGS="--filter Name" for some of them.
	@SWIFT="$(SWIFT)" Scripts/test $(ARGS)

test-cluster: setup ## Debug build, and the tests on a real etcd and kube-apiserver.
	@SWIFT="$(SWIFT)" Scripts/test --cluster $(ARGS)

simulate: setup ## Long simulation of the engine: release build, a million schedules; see SEED, SCHEDULES, STEPS.
	@$(quietly) build-simulation 'Building the tests: release' $(simulation) --build-tests
	@SIMULATION_SEED=$(SEED) SIMULATION_SCHEDULES=$(SCHEDULES) SIMULATION_STEPS=$(STEPS) \
		$(SWIFT) test -c release $(simulation_flags) --skip-build --disable-xctest --filter everyPromiseHolds </dev/null

demo: plugins cli ## Real interfaces get addresses, then ways that fit, in network namespaces of their own (as root).
	@Demo/run
	@Demo/coordinate

bench: plugins ## Benchmarks with their rivals: table here, JSON in .build/bench.json.
	@$(quietly) build-benchmarks 'Building the benchmarks: release' $(benchmarks) --product ipam-benchmarks
	@"$$($(benchmarks) --show-bin-path)/ipam-benchmarks" --ipam '$(CURDIR)/.build/dist/ipam' \
		--ifacer '$(CURDIR)/.build/dist/ifacer' \
		--coordinator '$(CURDIR)/.build/dist/coordinator' --json .build/bench.json $(ARGS)
	@echo 'As JSON: .build/bench.json'

bench-cluster: agent ## Agents on a real API server: a thousand Pods at once on exactly a thousand addresses.
	@$(quietly) build-cluster-bench 'Building cluster-bench: release' $(release) $(cli_flags) --product cluster-bench
	@$(quietly) kube 'Preparing etcd and kube-apiserver' Scripts/kube/prepare
	@SPIDERPOOL_KUBE_PROGRAMS="$$(Scripts/kube/prepare)" .build/cli/release/cluster-bench \
		--agent '$(CURDIR)/.build/dist/spiderpool-agent' --json .build/bench-cluster.json $(ARGS)

lint: setup ## Formatting and the house rules.
	@SWIFT="$(SWIFT)" Scripts/lint

docs: setup ## Reference documentation of the libraries, into .build/docs.
	@SWIFT="$(SWIFT)" Scripts/docs

install: build ## Install plugins, tool, completions, examples; see PREFIX, CNI_BIN_DIR, DESTDIR.
	@Scripts/install-plugin .build/dist/ipam '$(plugin_dir)' ipam spiderpool
	@Scripts/install-plugin .build/dist/coordinator '$(plugin_dir)' coordinator
	@Scripts/install-plugin .build/dist/ifacer '$(plugin_dir)' ifacer
	@install -D -m 755 .build/dist/spiderpoolctl '$(bin_dir)/spiderpoolctl'
	@install -D -m 755 .build/dist/spiderpool-agent '$(bin_dir)/spiderpool-agent'
	@install -D -m 644 -t '$(share_dir)/spiderpool/crds' deploy/crds/*
	@install -D -m 644 -t '$(share_dir)/spiderpool' deploy/agent-rbac.yaml
	@mkdir -p $(dir $(completions))
	@for shell in bash zsh fish; do \
		set -- $(completions); \
		case $$shell in bash) file=$$1 ;; zsh) file=$$2 ;; fish) file=$$3 ;; esac; \
		.build/dist/spiderpoolctl --generate-completion-script $$shell > "$$file.new" && mv "$$file.new" "$$file" || exit 1; \
	done
	@install -D -m 644 -t '$(doc_dir)' LICENSE README.md
	@install -D -m 644 -t '$(doc_dir)/examples' docs/examples/*
	@echo 'Installed:'
	@printf '  %s\n' $(addprefix '$(plugin_dir)'/,$(plugins) spiderpool) '$(bin_dir)/spiderpoolctl' '$(bin_dir)/spiderpool-agent' $(completions) '$(share_dir)/spiderpool/' '$(doc_dir)/'

uninstall: ## Remove what install put there; pools and claims stay.
	@rm -f $(addprefix '$(plugin_dir)'/,$(plugins) spiderpool) '$(bin_dir)/spiderpoolctl' '$(bin_dir)/spiderpool-agent' $(completions)
	@rm -rf '$(doc_dir)' '$(share_dir)/spiderpool'
	@echo 'Removed plugins, tool, completions and examples. Settings and data (/etc/spiderpool, /var/lib/spiderpool) were left.'

clean: ## Remove everything that was built.
	@rm -rf .build Benchmarks/.build
	@echo 'Removed .build and Benchmarks/.build.'
