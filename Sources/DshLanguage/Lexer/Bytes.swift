// The classes of bytes that the lexer decides by.

extension UInt8 {
  @inline(__always) var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  @inline(__always) var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }

  /// Whether a name may start with it: letters, `_` and every byte of a non-ASCII character.
  @inline(__always) var startsName: Bool { isLetter || self == UInt8(ascii: "_") || self >= 0x80 }

  @inline(__always) var continuesName: Bool { startsName || isDigit }

  /// Blank, tab, carriage return; not the newline, which may end a statement.
  @inline(__always) var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0B || self == 0x0C }

  /// What a decimal number with fraction and exponent is made of.
  var isNumberByte: Bool {
    isDigit || self == UInt8(ascii: ".") || self == UInt8(ascii: "_") || (self | 0x20) == UInt8(ascii: "e")
      || self == UInt8(ascii: "+") || self == UInt8(ascii: "-")
  }

  /// The value of a hexadecimal digit.
  var hexDigit: UInt8? {
    if isDigit { return self - 0x30 }
    let lower = self | 0x20
    return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : nil
  }
}
