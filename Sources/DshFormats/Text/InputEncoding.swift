// How text comes in: as bytes that are read as they are, or as UTF-16 that is turned into UTF-8 first.

/// The encoding of an input as a person asks for it.
public enum InputEncoding: Sendable, Hashable {
  /// UTF-8, or UTF-16 if an order of bytes is given or a byte-order mark says so.
  case utf8OrUTF16(UTF16Order?)
  /// One byte for each character.
  case bytewise(TextEncoding)

  /// What `--encoding` takes, for messages.
  public static let names = "utf8, utf16, utf16le, utf16be, latin1 or windows-1252"

  /// The encoding with a name as a person types it.
  public init?(name: String) {
    if let order = UTF16Order(encodingName: name) {
      self = .utf8OrUTF16(order)
    } else if let encoding = TextEncoding(name: name) {
      self = encoding == .utf8 ? .utf8OrUTF16(nil) : .bytewise(encoding)
    } else {
      return nil
    }
  }

  /// The encoding of the bytes that readers get.
  public var decoded: TextEncoding {
    switch self {
    case .utf8OrUTF16: .utf8
    case .bytewise(let encoding): encoding
    }
  }

  /// What turns the bytes of an input into UTF-8; nil if they are read as they are.
  func decoder(_ name: String) -> UTF16Decoder? {
    switch self {
    case .utf8OrUTF16(let order): UTF16Decoder(name: name, order: order)
    case .bytewise: nil
    }
  }
}
