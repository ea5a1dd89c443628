// `dsh --version --verbose`: what the program is built of.

import CEditline
import DshEngine
import DshSystem

/// The version, then a line for each part that has a version of its own.
var verboseVersion: [String] {
  #if DEBUG
    let build = "debug"
  #else
    let build = "release"
  #endif
  #if compiler(>=6.4)
    let swift = "6.4 or later"
  #elseif compiler(>=6.3)
    let swift = "6.3"
  #else
    let swift = "6.2"
  #endif
  return [
    Arguments.version, "build: \(build)", "Swift: \(swift)", "libedit: \(String(cString: dsh_editline_version()))",
    "PCRE2: \(regexLibraryVersion())", "kernel: \(kernelVersion())", "processors: \(usableProcessors())",
  ]
}
