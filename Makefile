# Everything that is done with the source, by name. `make` prints the list.

SHELL := bash
FUZZTIME ?= 10s

.DEFAULT_GOAL := help
.PHONY: help build demo test test-quick race fuzz bench lint needs clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the program, into bin/tradewind
	go build -trimpath -o bin/tradewind ./cmd/tradewind

demo: ## a real shop decided, and its console in the browser
	go run ./cmd/tradewind demo

test: needs ## the whole suite, as CI runs it; gets PostgreSQL and Chromium first
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt -w these: $$unformatted" >&2; exit 1; fi
	go vet ./...
	go test -timeout 30m ./...
	@if [ -n "$$CI" ]; then $(MAKE) --no-print-directory fuzz FUZZTIME=5000x; fi

test-quick: ## what needs no database server, no browser and no minute
	go test -short ./...

race: ## the whole suite under the race detector
	go test -race -timeout 60m ./...

fuzz: ## every fuzz target for FUZZTIME (10s, or 5000x for a count) each
	@set -e; grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$$file"); do \
			echo "$$(dirname "$$file") $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" < /dev/null; \
		done; \
	done

bench: ## measure quality and speed against the goals; see docs/results.md
	go run ./cmd/benchmark all

lint: ## golangci-lint with the few linters of .golangci.yml, if it is installed
	@if command -v golangci-lint > /dev/null; then golangci-lint run; else \
		echo "golangci-lint is not installed: https://golangci-lint.run/docs/welcome/install/" >&2; exit 1; fi

needs: ## PostgreSQL, Chromium and a Chinese font: installed as root on Debian, else named
	@.ci/needs

clean: ## remove what was built and the demo's workspace
	rm -rf bin tradewind-demo
