// The driver's promises, over many simulated lives of a cluster.
@testable import DshCluster
import Testing

struct DriverSimulationTests {
  /// No block stays held when all was released, none is forgotten at either side, and nothing that a cancelled task may read loses its protection.
  @Test func promisesHoldWhateverNodesDo() {
    var counts: [String: Int] = [:]
    for seed in UInt64(1)...300 {
      let simulation = DriverSimulation.play(seed: seed)
      #expect(simulation.complaints.isEmpty, "seed \(seed)")
      counts.merge(simulation.counts, uniquingKeysWith: +)
    }
    let wanted = [
      "asked for room", "spilled", "vacated", "refused", "job", "crash", "acquired", "missing", "cancelled acquisition",
      "ended by the driver",
    ]
    for event in wanted {
      #expect(counts[event, default: 0] > 50, "\(event) in \(counts)")
    }
  }
}
