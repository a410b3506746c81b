using Xunit.Sdk;
using Xunit.v3;

// Each test watches the clock of a whole system, and the processor has two cores.
[assembly: Parallelization(Mode = ParallelMode.None)]
