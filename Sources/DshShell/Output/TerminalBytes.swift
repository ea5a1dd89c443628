// Keeps data that is printed as it is from steering the terminal that shows it.

/// The bytes with every control character but tabs and line feeds spelled as an escape; nil if there is none.
///
/// Files and pipes get data exactly; on a terminal a cell could move the cursor, change the title or answer for the person.
func harmlessOnTerminal(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
  guard let first = bytes.indices.first(where: { steers(bytes, at: $0) }) else { return nil }
  var result = Array(bytes[..<first])
  var index = first
  while index < bytes.count {
    guard steers(bytes, at: index) else {
      result.append(bytes[index])
      index += 1
      continue
    }
    // U+0080 to U+009F are two bytes, of which the second is the number.
    let isPair = bytes[index] == 0xC2
    let number = isPair ? bytes[index + 1] : bytes[index]
    result += number == 0x0D ? Array("\\r".utf8) : Array("\\u{\(String(number, radix: 16))}".utf8)
    index += isPair ? 2 : 1
  }
  return result
}

private func steers(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
  let byte = bytes[index]
  if byte == 0xC2 { return index + 1 < bytes.count && (0x80..<0xA0).contains(bytes[index + 1]) }
  return byte < 0x20 ? byte != 0x09 && byte != 0x0A : byte == 0x7F
}
