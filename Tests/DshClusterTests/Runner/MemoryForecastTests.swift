// What is said of the memory that a dataset will take, judged by its first blocks.

import DshDiagnostics
import Testing

@testable import DshCluster

@Suite struct MemoryForecastTests {
  /// The number of tasks after which the rest is refused; nil if it never is.
  private func refused(_ taskCount: Int, room: Int, sourceBytes: Int? = nil, made: (Int) -> Int) -> Int? {
    var forecast = MemoryForecast(sourceBytes: sourceBytes ?? taskCount * 100, taskCount: taskCount, roomBytes: room)
    return (0..<taskCount).first { task in
      forecast.add(readBytes: 100, madeBytes: made(task))
      return forecast.refusal != nil
    }.map { $0 + 1 }
  }

  @Test func whatCannotFitIsRefusedAfterTheFirstBlocks() {
    #expect(refused(1000, room: 50_000) { _ in 100 } == 50)
    #expect(refused(40, room: 2_000) { _ in 100 } == MemoryForecast.fewestTasks)
  }

  @Test func whatMayFitIsTried() {
    #expect(refused(1000, room: 100_000) { _ in 100 } == nil)
    #expect(refused(1000, room: 90_000) { _ in 100 } == nil)
    #expect(refused(3, room: 10) { _ in 100 } == nil)
    // The first blocks are no larger than the others: what is known to be there never is refused for what is not.
    #expect(refused(100, room: 1_000) { $0 < 50 ? 1 : 2 } == nil)
  }

  /// Blocks that are made already are among what is read, and not among what is made now.
  @Test func onlyPartsThatAreMissingAreMade() {
    #expect(refused(10, room: 4_000, sourceBytes: 10_000) { _ in 100 } != nil)
    #expect(refused(10, room: 20_000, sourceBytes: 10_000) { _ in 100 } == nil)
  }

  @Test func theChoicesAreTold() {
    var forecast = MemoryForecast(sourceBytes: 1000, taskCount: 10, roomBytes: 10)
    for _ in 0..<4 { forecast.add(readBytes: 100, madeBytes: 1 << 20) }
    #expect(forecast.refusal?.message == "the blocks would take about 10.0 MiB of memory, and there is room for 10 B")
    #expect(forecast.refusal?.notes.last?.contains("--level=memory+disk") == true)
  }
}
