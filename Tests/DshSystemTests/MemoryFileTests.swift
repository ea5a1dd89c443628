// Runs of bytes written into shared memory.
import DshDiagnostics
import DshSystem
import Testing

struct MemoryFileTests {
  /// More runs than one call takes, empty ones among them, from an odd place on.
  @Test func runsLieOneBehindAnother() throws {
    let file = try MemoryFile(name: "test", byteCount: 1 << 20)
    let mapping = try Mapping(file.descriptor, byteCount: 1 << 20, writable: true)
    try file.reserve(0..<1 << 20)
    let source = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    try source.withUnsafeBytes { source in
      var runs: [UnsafeRawBufferPointer] = []
      var place = 0
      for index in 0..<3000 {
        let end = min(place + index % 130, source.count)
        runs.append(UnsafeRawBufferPointer(rebasing: source[place..<end]))
        place = end
      }
      try file.write(runs, at: 4999)
      #expect(mapping.bytes[4999..<4999 + place].elementsEqual(source[..<place]))
      #expect(mapping.bytes[..<4999].allSatisfy { $0 == 0 } && mapping.bytes[(4999 + place)...].allSatisfy { $0 == 0 })
    }
  }

  @Test func nothingIsWrittenBehindTheEnd() throws {
    let file = try MemoryFile(name: "test", byteCount: 4096)
    #expect(throws: Diagnostic.self) { try [UInt8](repeating: 1, count: 10).withUnsafeBytes { try file.write([$0], at: 4096) } }
  }
}
