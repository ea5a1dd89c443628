// Which library of regular expressions the program runs with.

import CPCRE2

/// The version of PCRE2, such as `10.42 2022-12-11`.
public func regexLibraryVersion() -> String {
  var text = [UInt8](repeating: 0, count: 64)
  let length = text.withUnsafeMutableBytes { pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), $0.baseAddress) }
  return length > 0 ? String(decoding: text.prefix(Int(length) - 1), as: UTF8.self) : "unknown"
}
