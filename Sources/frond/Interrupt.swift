import Foundation
import Synchronization

/// The signal that asked the run to stop; 0 while none has.
private let pendingSignal = Atomic<Int32>(0)

/// The run was asked to save its state and go on.
private let pendingSave = Atomic<Bool>(false)

/// Turns Ctrl-C (SIGINT), SIGTERM, and SIGHUP of a terminal that closes into a wish that the run loop reads between two
/// steps; SIGUSR1 into one to save and go on.
///
/// A second signal of the same kind ends the program at once.
enum Interrupt {
  static func listen() {
    // The first access initialises the global, which a signal handler must not do.
    pendingSignal.store(0, ordering: .relaxed)
    pendingSave.store(false, ordering: .relaxed)
    // A parent that starts programs from a worker thread may have left them blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    _ = signal(SIGUSR1) { _ in pendingSave.store(true, ordering: .relaxed) }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      _ = signal(number) { received in
        pendingSignal.store(received, ordering: .relaxed)
        _ = signal(received, SIG_DFL)
      }
    }
  }

  /// Whether a save was asked for since the last time.
  static var wantsSave: Bool { pendingSave.exchange(false, ordering: .relaxed) }

  static var received: Int32? {
    let number = pendingSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
