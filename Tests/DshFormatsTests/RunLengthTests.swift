// Runs and packed bits, packed differences and bits: what is written is read, in whatever pieces, and what is cut short is noticed.
import CDshKernels
import DshColumns
import Testing

@testable import DshFormats

@Suite struct RunLengthTests {
  /// Numbers of so many bits with runs of all lengths among them.
  private func numbers(_ generator: inout SeededGenerator, width: Int) -> [UInt32] {
    var numbers: [UInt32] = []
    let largest = width == 32 ? UInt32.max : (1 << UInt32(width)) - 1
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      let number = UInt32.random(in: 0...largest, using: &generator)
      let isRun = Bool.random(using: &generator)
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        numbers.append(isRun ? number : UInt32.random(in: 0...largest, using: &generator))
      }
    }
    return numbers
  }

  private func bytes(_ numbers: [UInt32], width: Int) -> [UInt8] {
    let output = MutableBuffer(capacity: 16)
    numbers.withUnsafeBufferPointer { ParquetRunLength.append($0, width: width, to: output) }
    return Array(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
  }

  @Test func readsWhatIsWritten() {
    var generator = SeededGenerator(state: 5)
    for round in 0..<2000 {
      let width = 1 + round % 32
      let numbers = numbers(&generator, width: width)
      let bytes = bytes(numbers, width: width)
      bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        var runs = dsh_run_length()
        dsh_run_length_begin(&runs, base, bytes.count, UInt32(width))
        var found: [UInt32] = []
        while found.count < numbers.count {
          let count = min(Int.random(in: 1...50, using: &generator), numbers.count - found.count)
          if Int.random(in: 0...4, using: &generator) == 0 {
            #expect(dsh_run_length_skip(&runs, count) == count)
            found += numbers[found.count..<found.count + count]
            continue
          }
          if width <= 8 {
            var piece = [UInt8](repeating: 0, count: count)
            #expect(dsh_run_length_u8(&runs, &piece, count) == count)
            found += piece.map { UInt32($0) }
          } else if width <= 16 {
            var piece = [UInt16](repeating: 0, count: count)
            #expect(dsh_run_length_u16(&runs, &piece, count) == count)
            found += piece.map { UInt32($0) }
          } else {
            var piece = [UInt32](repeating: 0, count: count)
            #expect(dsh_run_length_u32(&runs, &piece, count) == count)
            found += piece
          }
        }
        #expect(found == numbers, "round \(round), \(width) bits")
      }
    }
  }

  @Test func readsBitsAtAnyPlace() {
    var generator = SeededGenerator(state: 6)
    for _ in 0..<500 {
      let numbers = numbers(&generator, width: 1)
      let bytes = bytes(numbers, width: 1)
      let offset = Int.random(in: 0...20, using: &generator)
      var bits = [UInt8](repeating: 0xFF, count: (offset + numbers.count) / 8 + 16)
      bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        var runs = dsh_run_length()
        dsh_run_length_begin(&runs, base, bytes.count, 1)
        var done = 0
        while done < numbers.count {
          let count = min(Int.random(in: 1...70, using: &generator), numbers.count - done)
          #expect(dsh_run_length_bits(&runs, &bits, offset + done, count) == count)
          done += count
        }
      }
      let found = numbers.indices.map { UInt32(bits[(offset + $0) / 8] >> UInt8((offset + $0) % 8) & 1) }
      #expect(found == numbers)
      #expect((0..<offset).allSatisfy { bits[$0 / 8] >> UInt8($0 % 8) & 1 == 1 })
      #expect(dsh_count_bits(bits, offset, numbers.count) == numbers.reduce(0) { $0 + Int($1) })
    }
  }

  @Test func bytesCutShortGiveFewerValues() {
    // Whole groups of eight: the end of a last group that nobody needs may be missing.
    let numbers = (0..<104).map { UInt32($0) }
    let bytes = bytes(numbers, width: 7)
    for length in 0..<bytes.count {
      var found = [UInt32](repeating: 0, count: 104)
      var runs = dsh_run_length()
      let read = bytes.withUnsafeBufferPointer { buffer -> Int in
        guard let base = buffer.baseAddress else { return 0 }
        dsh_run_length_begin(&runs, base, length, 7)
        return dsh_run_length_u32(&runs, &found, 104)
      }
      #expect(read < 104)
      #expect(Array(found[..<read]) == Array(numbers[..<read]))
    }
  }

  @Test func vectorsUnpackWhatLoopsDo() {
    var generator = SeededGenerator(state: 7)
    let bytes = (0..<600).map { _ in UInt8.random(in: 0...255, using: &generator) }
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for width in 0...32 {
        for first in 0..<20 {
          let count = min(150, 600 * 8 / max(1, width) - first)
          var (slow, fast) = ([UInt32](repeating: 7, count: count), [UInt32](repeating: 9, count: count))
          dsh_unpack_u32(base, base + 600, first, UInt32(width), &fast, count)
          if width > 0 { dsh_unpack_u32_portable(base, base + 600, first, UInt32(width), &slow, count) } else { slow = fast.map { _ in 0 } }
          #expect(slow == fast, "\(width) bits from \(first)")
        }
      }
    }
  }
}

@Suite struct DeltaPackedTests {
  private func numbers(_ generator: inout SeededGenerator) -> [Int64] {
    let kind = Int.random(in: 0...3, using: &generator)
    var last: Int64 = 0
    return (0..<Int.random(in: 0...700, using: &generator)).map { _ in
      switch kind {
      case 0: return Int64.random(in: .min ... .max, using: &generator)
      case 1: last += Int64.random(in: 0...100, using: &generator)
      case 2: last = generator.pick([Int64.min, .max, 0, -1])
      default: last = 42
      }
      return last
    }
  }

  @Test func readsWhatIsWritten() {
    var generator = SeededGenerator(state: 8)
    for round in 0..<500 {
      let numbers = numbers(&generator)
      let output = MutableBuffer(capacity: 16)
      numbers.withUnsafeBufferPointer { ParquetDelta.append($0, to: output) }
      var delta = dsh_delta()
      #expect(dsh_delta_begin(&delta, output.pointer(to: UInt8.self), output.byteCount) != 0)
      #expect(dsh_delta_end(delta) == UnsafePointer(output.pointer(to: UInt8.self)) + output.byteCount)
      var found: [Int64] = []
      while found.count < numbers.count {
        let count = min(Int.random(in: 1...90, using: &generator), numbers.count - found.count)
        var piece = [Int64](repeating: 0, count: count)
        #expect(dsh_delta_read(&delta, &piece, count) == count)
        found += piece
      }
      #expect(found == numbers, "round \(round)")
      var more: [Int64] = [0]
      #expect(dsh_delta_read(&delta, &more, 1) == 0)
    }
  }

  @Test func hashesAsTheSpecificationOfXXHashDoes() {
    #expect(dsh_xxhash64([0], 0) == 0xEF46_DB37_51D8_E999)
    #expect(Array("abc".utf8).withUnsafeBufferPointer { dsh_xxhash64($0.baseAddress!, 3) } == 0x44BC_2CF5_AD77_0999)
  }
}
