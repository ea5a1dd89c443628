// Text that is the same only if its bytes are: `String` compares what looks alike, and names of columns and files are data.

/// A string that is compared and hashed byte by byte.
///
/// `é` may be one character or a letter with an accent behind it; for `String` both are equal. A file may hold both as names of two columns, and a
/// folder both as names of two files.
@propertyWrapper
public struct ExactText: Sendable, Hashable, Comparable {
  public var wrappedValue: String

  public init(wrappedValue: String) { self.wrappedValue = wrappedValue }
  public init(_ text: String) { wrappedValue = text }

  public static func == (one: ExactText, other: ExactText) -> Bool { one.wrappedValue.isExactly(other.wrappedValue) }

  public static func < (one: ExactText, other: ExactText) -> Bool {
    one.wrappedValue.utf8.lexicographicallyPrecedes(other.wrappedValue.utf8)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(exactly: wrappedValue) }
}

extension ExactText: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { wrappedValue = text }
}

extension StringProtocol {
  /// Whether the bytes are the same.
  public func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Hasher {
  /// Takes in the bytes of a text.
  public mutating func combine(exactly text: String) {
    // One that ends and one that begins with the same bytes are told apart.
    combine(text.utf8.count)
    var text = text
    text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
