// What the kernel says of itself.
import Glibc

/// The kernel's name and release, such as `Linux 6.1.0`.
public func kernelVersion() -> String {
  var name = utsname()
  guard unsafe uname(&name) == 0 else { return "unknown" }
  func text<T>(_ field: T) -> String {
    unsafe withUnsafeBytes(of: field) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
  return "\(text(name.sysname)) \(text(name.release))"
}
