// Buffers of all sizes, given back in any order and on other threads: none is handed out twice, and each has the room it says.

import DshColumns
import Testing

@Suite struct BufferTests {
  private func fill(_ buffer: MutableBuffer, _ value: UInt8) {
    for _ in 0..<buffer.capacity { buffer.append(value) }
  }

  private func holds(_ buffer: MutableBuffer, _ value: UInt8) -> Bool { buffer.freeze().bytes.allSatisfy { $0 == value } }

  @Test func everyCapacityIsAtLeastWhatWasAskedForAndAligned() {
    for wanted in [0, 1, 63, 64, 65, 80, 81, 127, 128, 129, 1000, 65_536, 65_537, 1 << 20, (1 << 20) + 1, 3_000_000] {
      let buffer = MutableBuffer(capacity: wanted)
      #expect(buffer.capacity >= wanted)
      #expect(buffer.capacity <= max(64, wanted + wanted / 4))
      #expect(Int(bitPattern: buffer.start) % MutableBuffer.alignment == 0)
    }
  }

  @Test func noBufferIsHandedOutTwice() {
    var random = SystemRandomNumberGenerator()
    var live: [(buffer: MutableBuffer, value: UInt8)] = []
    for round in 0..<4_000 {
      if live.count > 40 || (!live.isEmpty && Bool.random(using: &random)) {
        let (buffer, value) = live.remove(at: Int.random(in: live.indices, using: &random))
        #expect(holds(buffer, value))
      } else {
        let buffer = MutableBuffer(capacity: Int.random(in: 0...20_000, using: &random))
        let value = UInt8(truncatingIfNeeded: round)
        fill(buffer, value)
        live.append((buffer, value))
      }
    }
    #expect(live.allSatisfy { holds($0.buffer, $0.value) })
  }

  @Test func buffersMayEndOnOtherThreads() async {
    await withTaskGroup(of: MutableBuffer.self) { group in
      for number in 0..<200 {
        group.addTask {
          let buffer = MutableBuffer(capacity: 100 * (number % 50))
          fill(buffer, UInt8(number))
          return buffer
        }
      }
      for await buffer in group {
        let first = buffer.freeze().bytes.first ?? 0
        #expect(holds(buffer, first))
      }
    }
  }
}
