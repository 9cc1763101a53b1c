# shellcheck shell=sh disable=SC2034
# Who keeps this project and where it lies: the one place where that is written. The packaging scripts
# read it; tests/lint/check-packaging compares what packaging/debian and packaging/homebrew repeat.
# Names under .invalid are for a project that has no place of its own yet; a release replaces them here.
maintainer='mqtt-toolkit maintainers <maintainers@mqtt-toolkit.invalid>'
homepage=https://mqtt-toolkit.invalid
releases=https://mqtt-toolkit.invalid/releases
git_url=https://mqtt-toolkit.invalid/mqtt-toolkit.git
apt_url=https://mqtt-toolkit.invalid/apt
summary='Command-line tools that publish, subscribe, load-test and diagnose MQTT'
