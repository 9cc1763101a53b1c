# frozen_string_literal: true

# What can be known of the Homebrew formula without Homebrew: is it Ruby, does it keep the rules of
# homebrew-core that need no network, does the build configure as it says, does its test pass?
#   ruby formula.rb BIN_DIR FORMULA
require "digest"
require "fileutils"
require "pathname"
require "shellwords"
require "socket"
require "tmpdir"
require "uri"

BIN = File.expand_path(ARGV[0])
FORMULA = File.expand_path(ARGV[1])

$faults = []
def expect(what, condition)
  $faults << what unless condition
end

# As much of Homebrew's language as the formula may use; anything else is an error.
class Formula
  class << self
    attr_reader :order, :values, :needs, :test_block

    def inherited(other)
      super
      other.instance_eval { @order, @values, @needs = [], {}, [] }
    end

    %i[desc homepage url sha256 license].each do |word|
      define_method(word) do |value|
        @order << word
        @values[word] = value
      end
    end

    def head(address, branch:)
      @order << :head
      @values[:head] = address
      @values[:branch] = branch
    end

    def depends_on(what)
      @order << :depends_on
      @needs << (what.is_a?(Hash) ? [what.keys.first, what.values.first] : [what, nil])
    end

    def uses_from_macos(what)
      @order << :uses_from_macos
      @needs << [what, :macos]
    end

    def test(&block)
      @test_block = block
    end
  end

  attr_reader :ran

  def initialize(source)
    @source = source
    @ran = []
  end

  def bin = Pathname(BIN).realpath
  def std_cmake_args = %W[-DCMAKE_INSTALL_PREFIX=#{Dir.pwd}/prefix -DCMAKE_BUILD_TYPE=Release -Wno-dev]

  # In `install` only configuring is done for real: compiling is what all other tests stand on.
  def system(*words)
    words = words.map(&:to_s)
    @ran << words
    if words.first(3) == %w[cmake -S .]
      said = IO.popen([*words.map { |word| word == "." ? @source : word }, { err: %i[child out] }], &:read)
      raise "#{words.shelljoin}: #{said}" unless $?.success?
      expect "cmake: #{said[/^.*not used by the project.*(\n.*){3}/]}", !said.include?("not used by the project")
    elsif words.first != "cmake"
      raise "failed: #{words.shelljoin}" unless Kernel.system(*words, in: File::NULL, out: File::NULL)
    end
  end

  def free_port
    TCPServer.open("127.0.0.1", 0) { |server| server.addr[1] }
  end

  def shell_output(command, expected = 0)
    said = IO.popen(["/bin/sh", "-c", command], &:read)
    raise "#{command}: exit code #{$?.exitstatus}" unless $?.exitstatus == expected
    said
  end

  def assert_match(pattern, text)
    raise "no #{pattern} in: #{text}" unless text.match?(pattern)
  end
  alias spawn_any spawn
  def spawn(*words) = spawn_any(*words.map(&:to_s), in: File::NULL, out: File::NULL)
end

source = Dir.pwd
text = File.read(FORMULA)
load FORMULA
formula = MqttToolkit
values = formula.values

# The rules of `brew audit --strict` and `brew style` that look at the text alone.
expect "order of the parts: #{formula.order.join(" ")}",
       formula.order.chunk_while { |a, b| a == b }.map(&:first) ==
       %i[desc homepage url sha256 license head depends_on uses_from_macos]
desc = values[:desc]
expect "desc: #{desc}", desc.length <= 80 && desc.match?(/\A[A-Z]/) && !desc.match?(/\A(An?|The) |\.\z|mqtt-?toolkit/i)
expect "url: #{values[:url]}", URI(values[:url]).path.match?(/\/mqtt-toolkit-[0-9.]+\.tar\.gz\z/)
expect "homepage: #{values[:homepage]}", values[:homepage].start_with?("https://")
expect "head: #{values[:head]} #{values[:branch]}",
       values[:head].to_s.match?(%r{\Ahttps://.*\.git\z}) && values[:branch] == "main"
expect "license: #{values[:license]}", File.read("LICENSE").include?("Apache License") && values[:license] == "Apache-2.0"
[:build, nil, :macos].each do |kind|
  names = formula.needs.select { |_, as| as == kind }.map(&:first)
  expect "not in the order of the alphabet: #{names.join(" ")}", names == names.sort
end
kinds = formula.needs.map { |_, as| [:build, nil, :macos].index(as) }
expect "what only building needs comes first", kinds == kinds.sort
listed = `sh -c '. packaging/dependencies.sh && echo $brew_build'`.split - %w[catch2]
expect "not the packages of packaging/dependencies.sh: #{listed - formula.needs.map(&:first)}" \
       " #{formula.needs.map(&:first) - listed}", listed.sort == formula.needs.map(&:first).sort
# What the CMake files look for, under the names of Homebrew; Paho is not there, Threads is the system's.
brew_names = { "nlohmann_json" => "nlohmann-json", "CLI11" => "cli11", "OpenSSL" => "openssl@3", "SQLite3" => "sqlite",
               "Curses" => "ncurses", "ZLIB" => "zlib", "PkgConfig" => "pkgconf", "toml++/toml.h" => "tomlplusplus" }
asked = Dir["CMakeLists.txt", "common/**/{CMakeLists.txt,*.cmake}", "tools/**/CMakeLists.txt"].flat_map do |file|
  cmake = File.read(file)
  cmake.scan(/^ *find_package\(([\w]+)/).flatten + cmake.scan(/pkg_check_modules\(.* (\w+)\)/).flatten +
    cmake.scan(/^find_library\(\w+_LIBRARY ([\w-]+)\)/).flatten + cmake.scan(%r{find_path\(\w+ (toml\S*)\)}).flatten
end
asked = asked.uniq.grep_v(/\A(Threads|paho-|Catch2)/).map { |name| brew_names.fetch(name, name) }
needed = formula.needs.map(&:first) - %w[cmake ninja]
expect "not what the CMake files ask for: #{(asked - needed) | (needed - asked)}", asked.sort == needed.sort
text.each_line.with_index(1) do |line, number|
  expect "#{number}: a line of #{line.chomp.length} columns", line.chomp.length <= 118
  expect "#{number}: blanks at the end, or a tabulator", !line.match?(/\t|[ ]\n/)
end
expect "no two blank lines", !text.include?("\n\n\n")

# The archive that it names is the one with this checksum, when it lies on this machine.
if (archive = values[:url][%r{\Afile://(.*)}, 1])
  expect "sha256", Digest::SHA256.file(archive).hexdigest == values[:sha256]
end

# With --rules nothing is run.
Dir.mktmpdir("mqtk-formula") do |folder|
  next if ARGV[2] == "--rules"

  Dir.chdir(folder) do
    installing = formula.new(source)
    installing.install
    expect "install runs #{installing.ran}", installing.ran.drop(1) ==
           [%w[cmake --build build], %w[cmake --install build]]
    formula.new(source).instance_eval(&formula.test_block)
  end
rescue StandardError => e
  $faults << e.message
end

$faults.each { |fault| puts "check-formula: #{fault}" }
puts "#{formula.needs.length} packages, configured, test passed" if $faults.empty?
exit $faults.empty?
