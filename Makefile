# Portico. `make help` lists what can be done here.
.DEFAULT_GOAL := help
.PHONY: help setup site server letters build run test test-rust test-api test-audit test-browser bench check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: app/bundler/node_modules/.package-lock.json
	@rustup target list --installed 2>/dev/null | grep -q wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

%/node_modules/.package-lock.json: %/package-lock.json
	npm ci --prefix $* --ignore-scripts --no-audit --no-fund
	@touch $@

site: setup ## Build the browser clients and the styles into target/site
	cargo build --profile wasm-release --target wasm32-unknown-unknown -p portal-client -p console-client
	cargo build -p bundler
	target/debug/bundler --profile wasm-release

server: setup
	cargo build --release -p portico

letters: ## Build target/release/portico-letters, which sets letters as PDF
	cargo build --release -p letters

build: server site letters ## Build the programs in target/release and the site

# The demo is small: with the default no number of people who wait would be told.
run: export PORTICO_WAITING_THRESHOLD = 10
# An example: how long such records are kept is for the agency to say.
run: export PORTICO_RETENTION_CRIS_YEARS = 10
run: export PORTICO_PARTNER_DATABASE_URL = sqlite:data/portico-partner.db
run: export PORTICO_CHECKPOINTS = data/checkpoints
run: export PORTICO_IDENT_URL = https://localhost:8453/ident
run: export PORTICO_CIS_URL = https://localhost:8453/cis
run: export PORTICO_IDENT_CA = data/simulators/authority.pem
run: export PORTICO_IDENT_CERT = data/simulators/client.pem
run: export PORTICO_IDENT_KEY = data/simulators/client.key
run: export PORTICO_PACKAGE_KEY = data/simulators/package.key
run: export PORTICO_OBIM_KEY = data/simulators/obim.pem
# Not optimised: that would take a new machine longer than all the rest. `make build` optimises.
run: setup site ## Build everything, load demo data, serve on http://localhost:8080; letters are built while it serves
	cargo build -p portico -p simulators
	target/debug/portico-simulators certificates data/simulators
	target/debug/portico seed demo
	@.config/serve-and-build-letters

test: test-rust test-api test-audit test-browser ## Run every test, on SQLite and PostgreSQL, over HTTP and in the browser
	@echo "make test: everything passed"

test-rust: setup end2end/node_modules/.package-lock.json
	@.config/install-for-tests
	cargo build --locked -p letters
	.config/with-postgres cargo test --locked --no-fail-fast
	cargo test --locked -p letters
	cargo test --locked -p bundler

test-api: target/schemathesis/requirements.txt
	cargo build --locked -p portico
	.config/schemathesis/run

target/schemathesis/requirements.txt: .config/schemathesis/requirements.txt
	@.config/install-for-tests
	rm -rf target/schemathesis
	python3 -m venv target/schemathesis
	target/schemathesis/bin/pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps --only-binary :all: --requirement $<
	@cp $< $@

test-audit: target/aics-tlog/requirements.txt
	cargo build --locked -p portico
	.config/aics-tlog/run

# It says that it wants a later Python than it needs: see requirements.in.
target/aics-tlog/requirements.txt: .config/aics-tlog/requirements.txt
	@.config/install-for-tests
	rm -rf target/aics-tlog
	python3 -m venv target/aics-tlog
	target/aics-tlog/bin/pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps --only-binary :all: --ignore-requires-python --requirement $<
	@cp $< $@

test-browser: site end2end/node_modules/.package-lock.json
	@.config/install-for-tests
	cargo build --locked -p portico -p simulators
	cargo build --locked -p letters
	end2end/run

bench: server letters site end2end/node_modules/.package-lock.json ## Measure, as ratios taken in one run
	@.config/install-for-tests
	.config/with-postgres --durable cargo bench --locked -p portico

check: setup ## Format, lint (server and browser), licences
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked -p letters --all-targets -- -D warnings
	cargo clippy --locked -p bundler --all-targets -- -D warnings
	cargo clippy --locked --target wasm32-unknown-unknown -p portal-client -p console-client -- -D warnings
	@if command -v cargo-deny >/dev/null; then cargo deny check bans licenses sources; else echo "cargo-deny is not installed: skipped"; fi

clean: ## Delete what was built; demo data stays
	cargo clean
	rm -rf app/bundler/node_modules end2end/node_modules
