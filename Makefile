SWIFT ?= swift
RELEASE := --configuration release --static-swift-stdlib
BINARY := .build/release/prlconv

.PHONY: all build release demo test test-tsan setup-build setup-test lint format bench clean

all: release

build: setup-build
	$(SWIFT) build

release: setup-build
	$(SWIFT) build $(RELEASE) --product prlconv
	@strip $(BINARY) 2>/dev/null || true
