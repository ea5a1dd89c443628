// Thrift's compact protocol: what is written is read, and no bytes trap.
import Testing

@testable import DshFormats

@Suite struct ThriftTests {
  @Test func readsWhatIsWritten() throws {
    let bytes = ThriftWriter.bytes { writer in
      writer.field(1, int32: -5)
      writer.field(3, true)
      writer.field(40, "text")
      writer.field(41) { $0.field(2, int64: .max) }
      writer.field(42, int64s: Array(-20..<20))
      writer.field(43, bools: [true, false])
    }
    var found: [Int: String] = [:]
    try bytes.withUnsafeBytes { bytes in
      var reader = ThriftReader(bytes)
      try reader.readStructure { number, type, reader in
        switch number {
        case 1: found[1] = "\(try reader.readInt(type))"
        case 3: found[3] = "\(try reader.readBool(type))"
        case 40: found[40] = try reader.readText(type)
        case 42: found[42] = "\(try reader.readList(type, limit: 100) { try $1.readInt($0) })"
        case 43: found[43] = "\(try reader.readList(type, limit: 2) { try $1.readBoolElement() })"
        default: return false
        }
        return true
      }
      #expect(reader.position == bytes.count)
    }
    #expect(found == [1: "-5", 3: "true", 40: "text", 42: "\(Array(-20..<20))", 43: "[true, false]"])
  }

  @Test func anyBytesAreReadOrRefused() {
    var generator = SeededGenerator(state: 9)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...255, using: &generator) : generator.pick([0x1C, 0x19, 0x15, 0x18, 0xFF, 0x00])
      }
      bytes.withUnsafeBytes { bytes in
        var reader = ThriftReader(bytes)
        _ = try? ParquetMetadata(from: &reader)
        reader = ThriftReader(bytes)
        _ = try? ParquetPageHeader(from: &reader)
      }
    }
  }

  @Test func deepNestingIsRefused() {
    let bytes = [UInt8](repeating: 0x1C, count: 10_000)
    bytes.withUnsafeBytes { bytes in
      var reader = ThriftReader(bytes)
      #expect(throws: ThriftFailure.self) { try reader.skip(.structure) }
    }
  }
}
