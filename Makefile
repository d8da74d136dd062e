SWIFT ?= swift
# The standard library is linked in, so the binary runs where there is no Swift.
RELEASE = --configuration release --static-swift-stdlib --product prlconv
SWIFT_FOLDERS = Package.swift Sources Tests Benchmarks
BINARY = $$($(SWIFT) build $(RELEASE) --show-bin-path)/prlconv

# Words for make, not files.
.PHONY: all build release demo test test-tsan fuzz bench bench-kernels bench-gate lint format clean

all: release

build:
	@.ci/setup build
	$(SWIFT) build

release:
	@.ci/setup build
	$(SWIFT) build $(RELEASE)

demo: release
	@.ci/demo "$(BINARY)"

test:
	@.ci/setup test
	$(SWIFT) test

test-tsan:
	@.ci/setup test
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan

# Hostile bytes for what reads images and gzip, for so long with each; what crashed stays in .build-fuzz/work.
FUZZ_SECONDS ?= 60
# The last -sanitize counts, so both have to be in one; the first tells SwiftPM whose `main` it is.
FUZZ = --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address --configuration release --scratch-path .build-fuzz
fuzz: export PRLCONV_FUZZ = 1
fuzz:
	@.ci/setup test
	$(SWIFT) build $(FUZZ) --product FuzzImage
	$(SWIFT) build $(FUZZ) --product FuzzGzip
	Tests/Fuzzing/run.sh "$$($(SWIFT) build $(FUZZ) --show-bin-path)" .build-fuzz/work $(FUZZ_SECONDS)

# Whole processes against their peers; ARGS="--only gzip --turns 3" picks and shortens.
bench: release
	@.ci/setup bench
	python3 Benchmarks/bench.py --prlconv "$(BINARY)" $(ARGS)

bench-kernels:
	@.ci/setup build
	$(SWIFT) run --configuration release PrlconvBench $(ARGS)

# Instructions instead of seconds: the same on a busy machine.
bench-gate: release
	@.ci/setup bench
	Benchmarks/instructions.sh "$(BINARY)"

lint:
	$(SWIFT) format lint --strict --recursive $(SWIFT_FOLDERS)

format:
	$(SWIFT) format --in-place --recursive $(SWIFT_FOLDERS)

clean:
	rm -rf .build .build-*
