class MqttToolkit < Formula
  desc "Command-line tools that publish, subscribe, load-test and diagnose MQTT"
  homepage "https://mqtt-toolkit.invalid"
  url "https://mqtt-toolkit.invalid/releases/mqtt-toolkit-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "Apache-2.0"
  head "https://mqtt-toolkit.invalid/mqtt-toolkit.git", branch: "main"

  depends_on "cli11" => :build
  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "nlohmann-json" => :build
  depends_on "pkgconf" => :build
  depends_on "fmt"
  depends_on "libuv"
  depends_on "openssl@3"
  depends_on "tomlplusplus"
  depends_on "wslay"

  uses_from_macos "ncurses"
  uses_from_macos "sqlite"
  uses_from_macos "zlib"

  def install
    # The second engine is left out: paho.mqtt.cpp is not in homebrew-core.
    args = %w[-DMQTK_TESTS=OFF -DMQTK_WITH_PAHO=OFF -DMQTK_WITH_TLS=ON -DMQTK_WITH_WEBSOCKET=ON]
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", *args, *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    port = free_port
    sink = spawn bin/"mqtt-bench", "sink", "--listen", "127.0.0.1:#{port}"
    begin
      system bin/"mqtt-pub", "-h", "127.0.0.1", "-p", port.to_s, "--retry=10s", "-q", "1", "-t", "a", "-m", "b"
      assert_match "accepted", shell_output("#{bin}/mqtt-inspect connect --safe -h 127.0.0.1 -p #{port} --json")
    ensure
      Process.kill "TERM", sink
      Process.wait sink
    end
  end
end
