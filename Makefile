SWIFT ?= swift
# The standard library is linked in, so the binary runs where there is no Swift.
RELEASE = --configuration release --static-swift-stdlib --product prlconv
SWIFT_FOLDERS = Package.swift Sources Tests

.PHONY: all build release demo test test-tsan lint format clean

all: release

build:
	@.ci/setup build
	$(SWIFT) build

release:
	@.ci/setup build
	$(SWIFT) build $(RELEASE)

demo: release
	@.ci/demo "$$($(SWIFT) build $(RELEASE) --show-bin-path)/prlconv"

test:
	@.ci/setup test
	$(SWIFT) test

test-tsan:
	@.ci/setup test
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan

lint:
	$(SWIFT) format lint --strict --recursive $(SWIFT_FOLDERS)

format:
	$(SWIFT) format --in-place --recursive $(SWIFT_FOLDERS)

clean:
	rm -rf .build .build-*
