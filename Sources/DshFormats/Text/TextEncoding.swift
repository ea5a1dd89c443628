// How the bytes of a text file become characters.
import CDshKernels

/// A way to write text as bytes that is read byte by byte. UTF-16 is turned into UTF-8 before (`UTF16Decoder`).
public enum TextEncoding: UInt8, Sendable {
  case utf8 = 0
  /// ISO 8859-1: every byte is the character with its number.
  case latin1 = 1
  /// Windows-1252: like ISO 8859-1, with quotation marks, dashes and the euro sign at 0x80–0x9F.
  case windows1252 = 2

  /// The encoding with a name as a person types it.
  public init?(name: String) {
    switch name.lowercased() {
    case "utf8", "utf-8": self = .utf8
    case "latin1", "latin-1", "iso-8859-1", "iso8859-1": self = .latin1
    case "windows-1252", "windows1252", "cp1252", "cp-1252": self = .windows1252
    default: return nil
    }
  }

  /// A text's bytes; nil if it holds a character that the encoding has not.
  func bytes(of text: String) -> [UInt8]? {
    if self == .utf8 { return Array(text.utf8) }
    var bytes: [UInt8] = []
    for character in text.unicodeScalars {
      if self == .windows1252, let byte = (0x80...0x9F).first(where: { dsh_windows_1252_character($0) == character.value }) {
        bytes.append(byte)
      } else if let byte = UInt8(exactly: character.value), self == .latin1 || !(0x80...0x9F).contains(byte) {
        bytes.append(byte)
      } else {
        return nil
      }
    }
    return bytes
  }
}
