// Whole numbers in steps.

import DshColumns
import DshEngine
import Testing

@Suite struct NumberRangeTests {
  private func values(_ range: NumberRange, batchRows: Int = 3) throws -> [[Value]] {
    let environment = MemoryEnvironment()
    let report = try runTask(range, batchRows: batchRows, in: environment)
    #expect(report.rows == range.knownRows)
    return environment.rows
  }

  @Test func upAndDown() throws {
    #expect(try values(NumberRange(start: 2, step: 3, count: 4)) == numbers([[2], [5], [8], [11]]))
    #expect(try values(NumberRange(start: 2, step: -3, count: 3), batchRows: 1) == numbers([[2], [-1], [-4]]))
    #expect(try values(NumberRange(start: 7, step: 0, count: 2)) == numbers([[7], [7]]))
    #expect(try values(NumberRange(start: 7, step: 1, count: 0)) == [])
  }

  @Test func toTheLastNumberThereIs() throws {
    #expect(try values(NumberRange(start: .max - 2, step: 2, count: 2)) == numbers([[.max - 2], [.max]]))
    #expect(try values(NumberRange(start: .min, step: .max, count: 3)) == numbers([[.min], [-1], [.max - 1]]))
  }

  @Test func anEndlessRangeHasASize() { #expect(NumberRange(start: 0, step: 1, count: .max).sizeBytes > 1 << 60) }
}
