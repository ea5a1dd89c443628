// The driver's promises, over many simulated lives of a cluster.
@testable import DshCluster
import DshSystem
import Testing

struct DriverSimulationTests {
  /// `DSH_SEEDS` plays more lives than a run of all tests has time for.
  private static let seeds = environmentVariable("DSH_SEEDS").flatMap { UInt64($0) } ?? 300

  /// A simulation that finds nothing proves something only if it would find something.
  @Test(arguments: PlantedBug.allCases) func plantedBugsAreFound(bug: PlantedBug) {
    let seed = (UInt64(1)...300).first { !DriverSimulation.play(seed: $0, bug: bug).complaints.isEmpty }
    #expect(seed != nil, "\(bug)")
  }

  /// No block stays held when all was released, none is forgotten at either side, and nothing that a cancelled task may read loses its protection.
  @Test func promisesHoldWhateverNodesDo() {
    var counts: [String: Int] = [:]
    for seed in UInt64(1)...Self.seeds {
      let simulation = DriverSimulation.play(seed: seed)
      #expect(simulation.complaints.isEmpty, "seed \(seed)")
      counts.merge(simulation.counts, uniquingKeysWith: +)
    }
    let wanted = [
      "asked for room", "spilled", "vacated", "refused", "job", "crash", "acquired", "missing", "cancelled acquisition",
      "ended by the driver", "copied",
    ]
    for event in wanted {
      #expect(counts[event, default: 0] > 50, "\(event) in \(counts)")
    }
  }
}
