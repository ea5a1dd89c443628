// Files of other formats are named for what they are, and text is none of them.
@testable import DshFormats
import Testing

@Suite struct FileSignatureTests {
  private let files: [(bytes: [UInt8], name: String)] = [
    ([0x1F, 0x8B, 8, 0, 0], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD, 0x24], "zstd"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0], "xz"),
    (Array("BZh91AY&SY".utf8), "bzip2"), (Array("PK\u{3}\u{4}".utf8), "ZIP"), (Array("PAR1\u{15}\u{4}".utf8), "Parquet"),
    (Array("SQLite format 3\0".utf8), "SQLite"), ([UInt8](repeating: 0, count: 257) + Array("ustar".utf8), "tar"),
    ([UInt8](repeating: 0, count: 8) + Array("DUCK".utf8), "DuckDB"), ([0xFF, 0xFE, 0, 0, 97, 0, 0, 0], "UTF-32"),
  ]

  @Test func binaryFormatsAreNamed() {
    for (bytes, name) in files { #expect(FileSignature.format(of: bytes)?.name.contains(name) == true, "\(name)") }
  }

  @Test func textIsNoFormat() {
    let texts = ["", "a,b\n1,2\n", "PK,id\n", "PAR1,x\n", "ORC\n1\n", "SQLite format 3,x\n", "Obj,1\n", "BZh,1\n", "species,DUCK,x\n"]
    for text in texts { #expect(FileSignature.format(of: Array(text.utf8)) == nil, "\(text)") }
    for (bytes, name) in files where bytes.count < 100 {
      #expect(FileSignature.format(of: Array(bytes.dropLast(bytes.count - 1))) == nil, "\(name)")
    }
  }
}
