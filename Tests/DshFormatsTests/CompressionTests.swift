// Compressed data of every kind comes apart however it is cut; what is cut short, damaged, followed by something else or grown beyond measure is an error.
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct CompressionTests {
  private static let text = Array((0..<4000).map { "\($0),name \($0 % 7)\n" }.joined().utf8)

  /// What comes out if the bytes come in pieces of a length.
  private func decoded(_ bytes: [UInt8], piece: Int, name: String = "f", limit: DecompressionLimit? = nil) throws -> [UInt8] {
    var decoder = InputDecoder(
      name: name, encoding: .utf8OrUTF16(nil), limit: limit ?? DecompressionLimit(asked: nil, freeBytes: .max))
    var output: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let end = min(bytes.count, position + piece)
      try bytes[position..<end].withUnsafeBytes { try decoder.decode($0, isEnd: false) { output += $0 } }
      position = end
    }
    try decoder.decode(UnsafeRawBufferPointer(start: nil, count: 0), isEnd: true) { output += $0 }
    return output
  }

  private func failure(_ bytes: [UInt8], piece: Int = 1 << 18, name: String = "f", limit: DecompressionLimit? = nil) -> Diagnostic? {
    do { _ = try decoded(bytes, piece: piece, name: name, limit: limit) } catch { return error as? Diagnostic }
    return nil
  }

  @Test(arguments: Compression.allCases) func membersComeApartHoweverTheyAreCut(kind: Compression) throws {
    let half = Self.text.count / 2
    let file = try kind.member(of: Array(Self.text[..<half])) + kind.member(of: []) + kind.member(of: Array(Self.text[half...]))
    #expect(Compression.of(file, name: "f") == kind)
    #expect(file.count < Self.text.count)
    for piece in [1, 2, 7, 1000, 1 << 18] { #expect(try decoded(file, piece: piece) == Self.text, "pieces of \(piece)") }
    #expect(try decoded(file + [0, 0, 0, 0], piece: 5) == Self.text)
    #expect(try decoded(kind.member(of: []), piece: 3) == [])
  }

  @Test(arguments: Compression.allCases) func everyCutIsNoticed(kind: Compression) throws {
    let member = try kind.member(of: Array("a,b\n1,2\n".utf8))
    for length in 1..<member.count {
      let error = failure(Array(member[..<length]), name: "f.\(kind.ending)")
      #expect(error?.code == .badFile, "\(kind) cut to \(length) of \(member.count)")
    }
    let second = failure(member + member.dropLast(), piece: 3)
    #expect(second?.message.contains("f, member 2, byte \(member.count * 2 - 1)") == true)
  }

  @Test(arguments: Compression.allCases) func changedBytesNeverTrap(kind: Compression) throws {
    let member = try kind.member(of: Self.text)
    var random = SeededGenerator(state: UInt64(kind.rawValue))
    for _ in 0..<300 {
      var changed = member
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if let error = failure(changed, piece: 777) { #expect([.badFile, .outOfMemory].contains(error.code), "\(error)") }
    }
  }

  @Test(arguments: Compression.allCases) func whatFollowsIsNamed(kind: Compression) throws {
    let member = try kind.member(of: Self.text)
    let error = failure(member + Array("something else".utf8))
    #expect(
      error?.code == .badFile && error?.message.contains("something else follows the \(kind) data") == true,
      "\(String(describing: error))")
  }

  /// A member as `bgzip` writes it: with the number of its bytes in a field of extra data.
  private func block(_ bytes: [UInt8]) throws -> [UInt8] {
    let member = try Compression.gzip.member(of: bytes)
    let count = member.count + 8 - 1
    let extra = [6, 0, 0x42, 0x43, 2, 0, UInt8(count & 0xFF), UInt8(count >> 8)]
    return Array(member[..<3]) + [4] + Array(member[4..<10]) + extra + member[10...]
  }

  @Test func membersThatSayTheirLengthComeApartTogether() throws {
    var random = SeededGenerator(state: 9)
    var blocks: [[UInt8]] = []
    var text: [UInt8] = []
    for index in 0..<150 {
      let count = index % 50 == 7 ? 0 : Int.random(in: 1...30_000, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }
      blocks.append(try block(bytes))
      text += bytes
    }
    // One that says nothing, and one that holds more than others may.
    blocks.insert(try Compression.gzip.member(of: Self.text), at: 70)
    text = try decoded(blocks.flatMap { $0 }, piece: 1)
    let long = [UInt8](repeating: 0x61, count: 100_000)
    blocks.insert(try block(long), at: 100)
    let file = blocks.flatMap { $0 } + (try block([]))
    let whole = try decoded(file, piece: 3)
    #expect(whole.count == text.count + long.count)
    for piece in [1000, 100_000, 1 << 18, 1 << 22] { #expect(try decoded(file, piece: piece) == whole, "pieces of \(piece)") }
    // Errors are those of members one by one.
    for _ in 0..<40 {
      var changed = file
      let place = Int.random(in: 20..<changed.count, using: &random)
      changed[place] ^= UInt8.random(in: 1...255, using: &random)
      #expect(failure(changed, piece: 1 << 20)?.code == failure(changed, piece: 5000)?.code, "byte \(place)")
      let cut = Array(file[..<place])
      #expect(failure(cut, piece: 1 << 20)?.message == failure(cut, piece: 5000)?.message, "cut to \(place)")
    }
    let limit = DecompressionLimit(asked: 500_000, freeBytes: .max)
    #expect(failure(file, piece: 1 << 20, limit: limit)?.code == .decompressionLimit)
  }

  @Test(arguments: Compression.allCases) func growthHasALimit(kind: Compression) throws {
    let member = try kind.member(of: [UInt8](repeating: 10, count: 3 << 20))
    let error = failure(member, limit: DecompressionLimit(asked: 1 << 20, freeBytes: .max))
    #expect(error?.code == .decompressionLimit && error?.suggestion?.text.contains("--max-decompressed") == true)
    #expect(failure(member, limit: DecompressionLimit(asked: nil, freeBytes: 1 << 20))?.code == .decompressionLimit)
    #expect(failure(member, limit: DecompressionLimit(asked: 3 << 20, freeBytes: 0)) == nil)
  }

  @Test func otherTextPasses() throws {
    for text in ["", "a", "BZ", "BZh9 is a word", "id,n\n1,2\n", "(µ", "\u{1F}x"] {
      #expect(try decoded(Array(text.utf8), piece: 1) == Array(text.utf8))
      #expect(Compression.of(Array(text.utf8), name: "x.csv") == nil)
    }
  }

  @Test func compressedUTF16IsDecodedTwice() throws {
    let units: [UInt8] = [0xFF, 0xFE] + "a,ü\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try decoded(Compression.gzip.member(of: units), piece: 3) == Array("a,ü\n".utf8))
  }

  @Test func endingsAreTold() {
    #expect(Compression.ofPath("/a.d/x.CSV.GZ") == .gzip && Compression.ofPath("x.bgz") == .gzip && Compression.ofPath("x.csv") == nil)
    #expect(Compression.uncompressedPath("/a/x.csv.zst") == "/a/x.csv" && Compression.uncompressedPath("x.csv") == "x.csv")
    #expect(FormatRegistry.forPath("x.jsonl.bz2")?.name == "jsonl" && FormatRegistry.forPath("x.xz") == nil)
  }
}
