SWIFT ?= swift
export SWIFT
# A target may import only its dependencies in Package.swift, direct or indirect, so no layer can use one above it.
LAYERS = --explicit-target-dependency-import-check error
# The standard library is linked in, so the binary runs on machines without Swift. Without the path of this folder, and without
# the hashes of the build's options, the installed binary is the same from any folder.
RELEASE = $(LAYERS) --configuration release --static-swift-stdlib --disable-local-rpath --product prlconv \
  -Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=." -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen
# hypotf is the only function that would need glibc 2.35. Swift's static library refers to it, in a function that nothing calls.
ifeq ($(shell uname), Linux)
  RELEASE += -Xlinker --build-id=none -Xlinker --defsym=hypotf=swift_deletedMethodError
endif
SWIFT_FOLDERS = Package.swift Sources Tests Benchmarks Examples
# The tool to demonstrate, measure, install and package. With BINARY=..., make uses that one and does not build it.
BINARY = $(CURDIR)/.build/release/prlconv
UNLESS_GIVEN = $(if $(findstring command,$(origin BINARY)),,release)
VERSION := $(shell sed -n 's/^let prlconvVersion = "\(.*\)"/\1/p' Sources/prlconv/Version.swift)

# Where things are installed. Packages put DESTDIR in front.
PREFIX ?= /usr/local
bindir ?= $(PREFIX)/bin
mandir ?= $(PREFIX)/share/man
bashdir ?= $(PREFIX)/share/bash-completion/completions
zshdir ?= $(PREFIX)/share/zsh/site-functions
fishdir ?= $(PREFIX)/share/fish/vendor_completions.d
MAN_PAGES = $(notdir $(wildcard Documentation/man/*.1))
INSTALLED = $(bindir)/prlconv $(MAN_PAGES:%=$(mandir)/man1/%) \
  $(bashdir)/prlconv $(zshdir)/_prlconv $(fishdir)/prlconv.fish
STRIP ?= strip

.PHONY: all help setup build release demo test test-exhaustive test-tsan examples docs fuzz fleet-test container-test \
  soak bench bench-kernels bench-gate lint format clean install uninstall man dist deb rpm try-deb try-rpm recording \
  recipes damage-table

all: release

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' $(MAKEFILE_LIST) | while read -r target text; do \
	  printf '%-16s %s\n' "$$target" "$$text"; done

# Targets that build or test only call Packaging/setup for what they need.
setup: ## Install what the build and the tests need
	@Packaging/setup test

build: ## Build everything for debugging
	@Packaging/setup check
	$(SWIFT) build $(LAYERS)

release: ## Build the tool (the default)
	@Packaging/setup check
	$(SWIFT) build $(RELEASE)

demo: ## Build the tool, and convert a disk to Parallels and back
	@Packaging/setup build
	@$(MAKE) --no-print-directory release
	@Examples/demo "$(BINARY)"

test: ## Run the test cases that stand for all others
	@Packaging/setup test
	$(SWIFT) test $(LAYERS)

test-exhaustive: export PRLCONV_EXHAUSTIVE = 1
test-exhaustive: export PRLCONV_BENCH = 1
test-exhaustive: ## Run every test case and the examples, after a list of what that adds to make test
	@Packaging/setup test
	@echo "What make test leaves out: the example programs, the benchmark of kernels, and of the tests:"
	@Tests/exhaustive
	@$(MAKE) --no-print-directory examples
	$(SWIFT) test $(LAYERS)

examples: ## Build a separate package that uses the libraries, and run its programs
	@Packaging/setup build
	@Tests/Documents/examples "$(SWIFT)"

docs: ## Build the documentation of the libraries into .build/docs; fail if a public symbol has none
	@Packaging/setup build
	@Documentation/tools/docs "$(SWIFT)"

test-tsan: export PRLCONV_EXHAUSTIVE = 1
test-tsan: ## Run every test case under Thread Sanitizer
	@Packaging/setup test
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan

# Inputs that crash stay in .build-fuzz/work.
FUZZ_SECONDS ?= 60
# Only the last -sanitize counts, so it names both sanitizers. The first lets SwiftPM take `main` from the fuzzer.
FUZZ = --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address --configuration release --scratch-path .build-fuzz
fuzz: export PRLCONV_FUZZ = 1
fuzz: ## Feed hostile bytes to the readers of images and gzip and to the values of the format, FUZZ_SECONDS each
	@Packaging/setup test
	$(SWIFT) build $(FUZZ) --product FuzzImage
	$(SWIFT) build $(FUZZ) --product FuzzGzip
	$(SWIFT) build $(FUZZ) --product FuzzFormat
	$(SWIFT) build $(FUZZ) --product FuzzDescriptor
	Tests/Fuzzing/run.sh "$$($(SWIFT) build $(FUZZ) --show-bin-path)" .build-fuzz/work $(FUZZ_SECONDS)

recipes: release ## Run the exact commands of the recipes in README.md
	@Packaging/setup test
	Tests/Documents/recipes "$(BINARY)"

fleet-test: $(UNLESS_GIVEN) ## Run the exact commands in Documentation/Fleet.md
	@Packaging/setup test
	Tests/Documents/fleet-test "$(BINARY)"

# Needs root and debootstrap.
container-test: $(UNLESS_GIVEN) ## Run the script of the Kubernetes Job in the root of the container image
	@Packaging/setup test
	Tests/Documents/container-test "$(BINARY)"

# SOAK_SECONDS=7200 is a long run.
SOAK_SECONDS ?= 60
soak: release ## Run random commands under random limits, signals and full disks, for SOAK_SECONDS
	@Packaging/setup test
	Tests/Soak/soak "$(BINARY)" $(SOAK_SECONDS)

recording: release ## Record real runs for the picture in README.md
	Documentation/tools/recording "$(BINARY)" > Documentation/recording.svg.part
	mv Documentation/recording.svg.part Documentation/recording.svg

# ARGS="--only gzip --turns 3" selects scenarios and shortens the run.
bench: release ## Time whole processes of prlconv and its peers
	@Packaging/setup bench
	python3 Benchmarks/bench.py --prlconv "$(BINARY)" $(ARGS)

bench-kernels: export PRLCONV_BENCH = 1
bench-kernels: ## Time the inner loops
	@Packaging/setup build
	$(SWIFT) run --configuration release PrlconvBench $(ARGS)

bench-gate: release ## Count instructions instead of seconds, with the same result on a busy machine
	@Packaging/setup bench
	Benchmarks/instructions.sh "$(BINARY)"

damage-table: release ## Write Documentation/DamagedImages.md
	@Packaging/setup test
	Documentation/tools/damage-table "$(BINARY)"

lint: ## Check the format of the code
	@Packaging/setup swift
	$(SWIFT) format lint --strict --recursive $(SWIFT_FOLDERS)

format: ## Format the code
	@Packaging/setup swift
	$(SWIFT) format --in-place --recursive $(SWIFT_FOLDERS)

# Does not build: if you install as root, Swift is often not in your PATH.
install: ## Install the tool, its man pages and completions into PREFIX, after make
	@test -x "$(BINARY)" || { echo "There is no $(BINARY): run make first." >&2; exit 1; }
	install -d $(patsubst %,"$(DESTDIR)%",$(sort $(dir $(INSTALLED))))
	install -m 755 "$(BINARY)" "$(DESTDIR)$(bindir)/prlconv"
	$(STRIP) "$(DESTDIR)$(bindir)/prlconv"
	install -m 644 $(MAN_PAGES:%=Documentation/man/%) "$(DESTDIR)$(mandir)/man1"
	"$(BINARY)" --generate-completion-script bash > "$(DESTDIR)$(bashdir)/prlconv"
	"$(BINARY)" --generate-completion-script zsh > "$(DESTDIR)$(zshdir)/_prlconv"
	"$(BINARY)" --generate-completion-script fish > "$(DESTDIR)$(fishdir)/prlconv.fish"
	chmod 644 "$(DESTDIR)$(bashdir)/prlconv" "$(DESTDIR)$(zshdir)/_prlconv" "$(DESTDIR)$(fishdir)/prlconv.fish"

uninstall: ## Remove what make install has installed
	rm -f $(INSTALLED:%="$(DESTDIR)%")

man: $(UNLESS_GIVEN) ## Make the man pages from the options of the tool and Documentation/man/templates
	Documentation/tools/man-pages "$(BINARY)"

dist: $(UNLESS_GIVEN) ## Make a tarball in .build-packages
	@Packaging/setup package
	Packaging/package tarball "$(BINARY)" $(VERSION) .build-packages

deb: $(UNLESS_GIVEN) ## Make a Debian package in .build-packages
	@Packaging/setup package
	Packaging/package deb "$(BINARY)" $(VERSION) .build-packages

rpm: $(UNLESS_GIVEN) ## Make an RPM in .build-packages
	@Packaging/setup rpm
	Packaging/package rpm "$(BINARY)" $(VERSION) .build-packages

# Needs root and debootstrap.
try-deb: deb ## Install, run and remove the Debian package in a fresh, bare Debian
	Packaging/try-deb .build-packages/prlconv_$(VERSION)-1_*.deb

# Needs root.
try-rpm: rpm ## Install, run and remove the RPM in an empty root
	Packaging/try-rpm .build-packages/prlconv-$(VERSION)-1.*.rpm

clean: ## Remove everything that was built
	rm -rf .build .build-*
