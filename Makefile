SWIFT ?= swift
# A target may import only what it depends on by Package.swift, directly or not: no layer can use the one above it.
LAYERS = --explicit-target-dependency-import-check error
# The standard library is linked in, so the binary runs where there is no Swift.
RELEASE = $(LAYERS) --configuration release --static-swift-stdlib --product prlconv
SWIFT_FOLDERS = Package.swift Sources Tests Benchmarks Examples
# What is shown, measured, installed and packed; one that is given (BINARY=...) is not built anew.
BINARY = $(CURDIR)/.build/release/prlconv
UNLESS_GIVEN = $(if $(findstring command,$(origin BINARY)),,release)
VERSION := $(shell sed -n 's/^let prlconvVersion = "\(.*\)"/\1/p' Sources/prlconv/Version.swift)

# Where things are installed; packages put DESTDIR before it.
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

# Words for make, not files.
.PHONY: all setup build release demo test test-tsan examples docs fuzz fleet-test bench bench-kernels \
  bench-gate lint format clean install uninstall man dist deb try-deb recording recipes damage-table

all: release

# Installs what the build and the tests need; nothing else does, but `make demo`, `make test` and what they stand for.
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

test: examples
	@Packaging/setup test
	$(SWIFT) test $(LAYERS)

# A package of its own that builds on the libraries: its programs are run, too.
examples:
	@Packaging/setup build
	@Tests/Documents/examples "$(SWIFT)"

# Into .build/docs; what is public and has no documentation is an error.
docs:
	@Packaging/setup build
	@Documentation/tools/docs "$(SWIFT)"

test-tsan:
	@Packaging/setup test
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan

# Hostile bytes for what reads images and gzip, for so long with each; what crashed stays in .build-fuzz/work.
FUZZ_SECONDS ?= 60
# The last -sanitize counts, so both have to be in one; the first tells SwiftPM whose `main` it is.
FUZZ = --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address --configuration release --scratch-path .build-fuzz
fuzz: export PRLCONV_FUZZ = 1
fuzz:
	@Packaging/setup test
	$(SWIFT) build $(FUZZ) --product FuzzImage
	$(SWIFT) build $(FUZZ) --product FuzzGzip
	Tests/Fuzzing/run.sh "$$($(SWIFT) build $(FUZZ) --show-bin-path)" .build-fuzz/work $(FUZZ_SECONDS)

# What README.md and Documentation/Fleet.md tell people to type, as it stands there.
recipes: release
	@Packaging/setup test
	Tests/Documents/recipes "$(BINARY)"

fleet-test: release
	@Packaging/setup test
	Tests/Documents/fleet-test "$(BINARY)"

# The picture in README.md, from real runs.
recording: release
	Documentation/tools/recording "$(BINARY)" > Documentation/recording.svg.part
	mv Documentation/recording.svg.part Documentation/recording.svg

# Whole processes against their peers; ARGS="--only gzip --turns 3" picks and shortens.
bench: release
	@Packaging/setup bench
	python3 Benchmarks/bench.py --prlconv "$(BINARY)" $(ARGS)

bench-kernels:
	@Packaging/setup build
	$(SWIFT) run --configuration release PrlconvBench $(ARGS)

# Instructions instead of seconds: the same on a busy machine.
bench-gate: release
	@Packaging/setup bench
	Benchmarks/instructions.sh "$(BINARY)"

# What qemu-img and prlconv make of damaged images.
damage-table: release
	@Packaging/setup test
	Documentation/tools/damage-table "$(BINARY)"

lint:
	$(SWIFT) format lint --strict --recursive $(SWIFT_FOLDERS)

format:
	$(SWIFT) format --in-place --recursive $(SWIFT_FOLDERS)

# Not built here: who installs is often somebody who has no Swift in the path.
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

# The man pages, from what the tool says of its options and from Documentation/man/templates.
man: $(UNLESS_GIVEN)
	Documentation/tools/man-pages "$(BINARY)"

# A tarball and a Debian package, in .build-packages.
dist: $(UNLESS_GIVEN)
	@Packaging/setup package
	Packaging/package tarball "$(BINARY)" $(VERSION) .build-packages

deb: $(UNLESS_GIVEN)
	@Packaging/setup package
	Packaging/package deb "$(BINARY)" $(VERSION) .build-packages

# Installs, runs and removes the package in a bare Debian that is made for it; needs root and debootstrap.
try-deb: deb
	Packaging/try-deb .build-packages/prlconv_$(VERSION)-1_*.deb

clean:
	rm -rf .build .build-*
