SWIFT ?= swift
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

.PHONY: all setup build release demo test test-exhaustive test-tsan examples docs fuzz fleet-test container-test \
  soak bench bench-kernels bench-gate lint format clean install uninstall man dist deb try-deb recording recipes damage-table

all: release

# Installs what the build and the tests need. Targets that build or test only call Packaging/setup for what they need.
setup:
	@Packaging/setup test

build:
	@Packaging/setup check
	$(SWIFT) build $(LAYERS)

release:
	@Packaging/setup check
	$(SWIFT) build $(RELEASE)

demo:
	@Packaging/setup build
	@$(MAKE) --no-print-directory release
	@Examples/demo "$(BINARY)"

test:
	@Packaging/setup test
	$(SWIFT) test $(LAYERS)

# Runs every case, also those that take long, and the examples; first lists what it adds to `make test`.
test-exhaustive: export PRLCONV_EXHAUSTIVE = 1
test-exhaustive: export PRLCONV_BENCH = 1
test-exhaustive:
	@Packaging/setup test
	@echo "What make test leaves out: the example programs, the benchmark of kernels, and of the tests:"
	@Tests/exhaustive
	@$(MAKE) --no-print-directory examples
	$(SWIFT) test $(LAYERS)

# Builds a separate package that uses the libraries, and runs its programs.
examples:
	@Packaging/setup build
	@Tests/Documents/examples "$(SWIFT)"

# Builds the documentation into .build/docs. A public symbol without documentation is an error.
docs:
	@Packaging/setup build
	@Documentation/tools/docs "$(SWIFT)"

test-tsan: export PRLCONV_EXHAUSTIVE = 1
test-tsan:
	@Packaging/setup test
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan

# Feeds hostile bytes to the readers of images and gzip and to the format's values, FUZZ_SECONDS each. Inputs that crash
# stay in .build-fuzz/work.
FUZZ_SECONDS ?= 60
# Only the last -sanitize counts, so it names both sanitizers. The first lets SwiftPM take `main` from the fuzzer.
FUZZ = --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address --configuration release --scratch-path .build-fuzz
fuzz: export PRLCONV_FUZZ = 1
fuzz:
	@Packaging/setup test
	$(SWIFT) build $(FUZZ) --product FuzzImage
	$(SWIFT) build $(FUZZ) --product FuzzGzip
	$(SWIFT) build $(FUZZ) --product FuzzFormat
	$(SWIFT) build $(FUZZ) --product FuzzDescriptor
	Tests/Fuzzing/run.sh "$$($(SWIFT) build $(FUZZ) --show-bin-path)" .build-fuzz/work $(FUZZ_SECONDS)

# Runs the exact commands in README.md and Documentation/Fleet.md.
recipes: release
	@Packaging/setup test
	Tests/Documents/recipes "$(BINARY)"

fleet-test: $(UNLESS_GIVEN)
	@Packaging/setup test
	Tests/Documents/fleet-test "$(BINARY)"

# Runs the Kubernetes Job's script in the root of the container image. Needs root and debootstrap.
container-test: $(UNLESS_GIVEN)
	@Packaging/setup test
	Tests/Documents/container-test "$(BINARY)"

# Runs random commands on random disks under random limits, signals and full disks. SOAK_SECONDS=7200 is a long one.
SOAK_SECONDS ?= 60
soak: release
	@Packaging/setup test
	Tests/Soak/soak "$(BINARY)" $(SOAK_SECONDS)

# Records real runs for the picture in README.md.
recording: release
	Documentation/tools/recording "$(BINARY)" > Documentation/recording.svg.part
	mv Documentation/recording.svg.part Documentation/recording.svg

# Times whole processes and their peers. ARGS="--only gzip --turns 3" selects scenarios and shortens the run.
bench: release
	@Packaging/setup bench
	python3 Benchmarks/bench.py --prlconv "$(BINARY)" $(ARGS)

bench-kernels: export PRLCONV_BENCH = 1
bench-kernels:
	@Packaging/setup build
	$(SWIFT) run --configuration release PrlconvBench $(ARGS)

# Counts instructions instead of seconds: the result is the same on a busy machine.
bench-gate: release
	@Packaging/setup bench
	Benchmarks/instructions.sh "$(BINARY)"

# Writes Documentation/DamagedImages.md: what qemu-img and prlconv do with damaged images.
damage-table: release
	@Packaging/setup test
	Documentation/tools/damage-table "$(BINARY)"

lint:
	$(SWIFT) format lint --strict --recursive $(SWIFT_FOLDERS)

format:
	$(SWIFT) format --in-place --recursive $(SWIFT_FOLDERS)

# Does not build: if you install as root, Swift is often not in your PATH.
install:
	@test -x "$(BINARY)" || { echo "There is no $(BINARY): run make first." >&2; exit 1; }
	install -d $(patsubst %,"$(DESTDIR)%",$(sort $(dir $(INSTALLED))))
	install -m 755 "$(BINARY)" "$(DESTDIR)$(bindir)/prlconv"
	$(STRIP) "$(DESTDIR)$(bindir)/prlconv"
	install -m 644 $(MAN_PAGES:%=Documentation/man/%) "$(DESTDIR)$(mandir)/man1"
	"$(BINARY)" --generate-completion-script bash > "$(DESTDIR)$(bashdir)/prlconv"
	"$(BINARY)" --generate-completion-script zsh > "$(DESTDIR)$(zshdir)/_prlconv"
	"$(BINARY)" --generate-completion-script fish > "$(DESTDIR)$(fishdir)/prlconv.fish"
	chmod 644 "$(DESTDIR)$(bashdir)/prlconv" "$(DESTDIR)$(zshdir)/_prlconv" "$(DESTDIR)$(fishdir)/prlconv.fish"

uninstall:
	rm -f $(INSTALLED:%="$(DESTDIR)%")

# Makes the man pages from the tool's description of its options and from Documentation/man/templates.
man: $(UNLESS_GIVEN)
	Documentation/tools/man-pages "$(BINARY)"

# Make a tarball and a Debian package in .build-packages.
dist: $(UNLESS_GIVEN)
	@Packaging/setup package
	Packaging/package tarball "$(BINARY)" $(VERSION) .build-packages

deb: $(UNLESS_GIVEN)
	@Packaging/setup package
	Packaging/package deb "$(BINARY)" $(VERSION) .build-packages

# Installs, runs and removes the package in a fresh, bare Debian. Needs root and debootstrap.
try-deb: deb
	Packaging/try-deb .build-packages/prlconv_$(VERSION)-1_*.deb

clean:
	rm -rf .build .build-*
