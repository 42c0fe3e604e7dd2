// Lesson 5: the training loop in four lines, and what it looks like when one of them is wrong.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// dotnet run lessons/05-the-loop-and-its-pitfalls.cs

using Nudge;

// ── Four beats ───────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Everything is at hand: the four examples, a network of 41 dials, the sum of squares. The loop has four beats, and
// each is one line.
//
//     forward     compute the loss
//     zero        clear the gradients of the step before
//     backward    compute the gradients
//     update      move every parameter a little against its gradient

double[][] inputs = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]];
Value[] targets = [1, -1, -1, 1];

var net = new Mlp(3, [4, 4, 1], new Rng(5));
double learningRate = 0.05;

for (int step = 1; step <= 100; step++)
{
    Value loss = Loss.SumOfSquares([.. inputs.Select(x => net.Forward(x)[0])], targets); // forward
    net.ZeroGradients();                                                                  // zero
    loss.Backward();                                                                      // backward
    foreach (Value p in net.Parameters) p.Data -= learningRate * p.Grad;                  // update

    if (step is 1 or 2 or 5 or 10 or 20 or 50 or 100)
        Console.WriteLine($"step {step,3}  loss {loss.Data:F4}");
}
//> step   1  loss 5.5566
//> step   2  loss 3.7144
//> step   5  loss 1.4326
//> step  10  loss 0.2252
//> step  20  loss 0.0525
//> step  50  loss 0.0135
//> step 100  loss 0.0057

// The loss has gone down, so the answers must have come closer to the targets. Have they?

for (int i = 0; i < inputs.Length; i++)
    Console.WriteLine($"should be {targets[i].Data,2}, is {net.Predict(inputs[i])[0],7:F4}");
//> should be  1, is  0.9652
//> should be -1, is -0.9801
//> should be -1, is -0.9571
//> should be  1, is  0.9535

// They have. These four lines, in this order, are how networks are trained, small ones and very large ones. The rest of
// the lesson breaks them one by one, for nothing shows better what a line is for. The small network of lesson 4 serves
// best at first: one weight, w · 2 should be 6, learning rate 0.1. Everything about it can be checked by hand.

void OneWeight(bool zero, double sign)
{
    Value w = 1;
    var losses = new List<string>();
    for (int step = 0; step < 8; step++)
    {
        Value loss = (w * 2 - 6).Pow(2);
        if (zero) w.Grad = 0;
        loss.Backward();
        w.Data -= sign * 0.1 * w.Grad;
        losses.Add($"{loss.Data:F2}");
    }
    Console.WriteLine(string.Join("  ", losses));
}

OneWeight(zero: true, sign: 1); //> 16.00  0.64  0.03  0.00  0.00  0.00  0.00  0.00

// ── Pitfall: the wrong sign ──────────────────────────────────────────────────────────────────────────────────────────
//
// Plus where minus belongs, and we walk up the hill instead of down. The distance to the goal grows by 1 + 8 · 0.1 = 1.8
// at each step, and the loss by 1.8² = 3.24.

OneWeight(zero: true, sign: -1); //> 16.00  51.84  167.96  544.20  1763.19  5712.75  18509.30  59970.14

// This one cannot be missed. If the loss grows by the same factor again and again, look for the sign. `nudge lab sign`
// puts both loops side by side.

// ── Pitfall: forgetting to zero ──────────────────────────────────────────────────────────────────────────────────────
//
// Leave out the second beat. Backward() adds to the gradients it finds, so each step uses the sum of all gradients so
// far: those from here, and those from places where w was long ago.

OneWeight(zero: false, sign: 1); //> 16.00  0.64  9.24  19.78  5.28  2.86  18.72  12.26

// It swings. The sum remembers that the goal was on the right, and goes on pushing to the right when w has passed it,
// until enough gradients of the other sign have come in to turn it round. A ball in a bowl without friction does the
// same: it rolls through the lowest point at full speed, and never settles. `nudge lab zero` shows both loops, and
// `nudge lab zero --watch` in a page, where every gradient can be looked into.
//
// (Why does Backward() add at all, if one must clear it every time? Because adding is right within a step. A weight
// that is used in many places, or in many examples, gets a share of its gradient from each.)

// ── The trap ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// So forgetting to zero shows at once? Try it on the network. Right loop and broken loop start from the same numbers
// (`nudge lab net-zero` does it too, with the share of pinned neurons beside the loss):

void Compare(ulong seed)
{
    var right = new Mlp(3, [4, 4, 1], new Rng(seed));
    var broken = new Mlp(3, [4, 4, 1], new Rng(seed));
    for (int step = 1; step <= 100; step++)
    {
        double rightLoss = Step(right, zero: true), brokenLoss = Step(broken, zero: false);
        if (step is 1 or 2 or 5 or 10 or 20 or 50 or 100)
            Console.WriteLine($"step {step,3}  right {rightLoss:F4}  broken {brokenLoss:F4}");
    }
}

double Step(Mlp network, bool zero)
{
    Value loss = Loss.SumOfSquares([.. inputs.Select(x => network.Forward(x)[0])], targets);
    if (zero) network.ZeroGradients();
    loss.Backward();
    foreach (Value p in network.Parameters) p.Data -= learningRate * p.Grad;
    return loss.Data;
}

Compare(seed: 5);
//> step   1  right 5.5566  broken 5.5566
//> step   2  right 3.7144  broken 3.7144
//> step   5  right 1.4326  broken 0.2524
//> step  10  right 0.2252  broken 0.0000
//> step  20  right 0.0525  broken 0.0000
//> step  50  right 0.0135  broken 0.0000
//> step 100  right 0.0057  broken 8.0000

// Read only the first six lines, and the broken loop has won. Its loss is 0.0000 where the right one is still at work.
// Then the last line: 8. That is a miss by 2 for two of the four examples, the exact opposite of what was asked.
//
// It is no accident of this seed. Two hundred networks, fifty steps:

var rightLosses = new List<double>();
var brokenLosses = new List<double>();
var rightNets = new List<Mlp>();
var brokenNets = new List<Mlp>();
for (ulong seed = 1; seed <= 200; seed++)
{
    rightNets.Add(new Mlp(3, [4, 4, 1], new Rng(seed)));
    brokenNets.Add(new Mlp(3, [4, 4, 1], new Rng(seed)));
    for (int step = 1; step < 50; step++)
    {
        Step(rightNets[^1], zero: true);
        Step(brokenNets[^1], zero: false);
    }
    rightLosses.Add(Step(rightNets[^1], zero: true));
    brokenLosses.Add(Step(brokenNets[^1], zero: false));
}

double Median(List<double> losses) => losses.Order().ElementAt(losses.Count / 2);

Console.WriteLine($"median loss: right {Median(rightLosses):0e+0}, broken {Median(brokenLosses):0e+0}"); //> median loss: right 2e-2, broken 2e-16
Console.WriteLine($"still above 1: right {rightLosses.Count(l => l > 1)}, broken {brokenLosses.Count(l => l > 1)}"); //> still above 1: right 0, broken 24

// Whoever looks at nothing but the loss concludes that one should not zero the gradients. What has really happened?
// Count the neurons that are saturated (lesson 2), those with an answer beyond ±0.99:

double Saturated(IEnumerable<Mlp> networks)
{
    var outputs = new List<double>();
    foreach (Mlp network in networks)
    {
        foreach (double[] input in inputs)
        {
            Value[] signal = [.. input.Select(number => new Value(number))];
            foreach (Layer layer in network.Layers)
            {
                signal = layer.Forward(signal);
                outputs.AddRange(signal.Select(value => value.Data));
            }
        }
    }
    return outputs.Count(output => Math.Abs(output) > 0.99) / (double)outputs.Count;
}

Console.WriteLine($"saturated: right {Saturated(rightNets):P0}, broken {Saturated(brokenNets):P0}"); //> saturated: right 5 %, broken 80 %

// The gradients piled up and flung the weights far out, and most of the tanh are pinned at −1 or 1. Our targets
// happen to be −1 and 1. A network that can only say −1 or 1 is either exactly right or totally wrong, and most of these
// were lucky. They did not learn the examples, they fell into them. And there they stay: where tanh is flat, the slope
// is 0, and what is wrong can never be put right. Ask for 0.5 and −0.5 instead, and the luck is over:

targets = [0.5, -0.5, -0.5, 0.5];
net = new Mlp(3, [4, 4, 1], new Rng(5));
var pinned = new Mlp(3, [4, 4, 1], new Rng(5));
for (int step = 1; step <= 200; step++)
{
    Step(net, zero: true);
    Step(pinned, zero: false);
}
Console.WriteLine($"right: {string.Join("  ", inputs.Select(x => $"{net.Predict(x)[0]:F2}"))}");     //> right: 0.51  -0.50  -0.50  0.49
Console.WriteLine($"broken: {string.Join("  ", inputs.Select(x => $"{pinned.Predict(x)[0]:F2}"))}"); //> broken: 0.73  -1.00  -1.00  0.73
targets = [1, -1, -1, 1];

// ── How to notice ────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A low loss is no proof. But the mistake itself can be seen exactly: a gradient was computed, then the parameter
// moved, then Backward() added to that gradient. It belongs to a place where the parameter no longer is. Such a
// gradient is called stale, and Nudge keeps watch for it. You can have each case reported:

int reports = 0;
StaleGradients.Detected += _ => reports++;

net = new Mlp(3, [4, 4, 1], new Rng(5));
for (int step = 1; step <= 10; step++)
    Step(net, zero: true);
Console.WriteLine($"right loop: {reports} reports in 10 steps"); //> right loop: 0 reports in 10 steps

net = new Mlp(3, [4, 4, 1], new Rng(5));
for (int step = 1; step <= 10; step++)
    Step(net, zero: false);
Console.WriteLine($"broken loop: {reports} reports in 10 steps"); //> broken loop: 9 reports in 10 steps

// Nine, for the first step has nothing to forget. Or have the program stop at the first:

StaleGradients.Throw = true;
try
{
    Step(net, zero: false);
}
catch (InvalidOperationException error)
{
    Console.WriteLine(error.Message);
}
//> Stale gradient: backward added to the gradient of 'layers.2.neurons.0.w[3]', whose data changed after that gradient was computed. Zero the gradients between an update and the next backward: call ZeroGradients(), or set Grad = 0 on each parameter.

// Adding up gradients on purpose, several Backward() before one update, is fine and not reported. There is also a way
// in which the mistake cannot be made: Gradients() hands the numbers out and leaves nothing behind that could be
// forgotten.

net = new Mlp(3, [4, 4, 1], new Rng(5));
for (int step = 1; step <= 10; step++)
{
    double[] gradients = Loss.SumOfSquares([.. inputs.Select(x => net.Forward(x)[0])], targets).Gradients(net.Parameters);
    for (int i = 0; i < gradients.Length; i++)
        net.Parameters[i].Data -= learningRate * gradients[i];
}
Console.WriteLine($"{Loss.SumOfSquares([.. inputs.Select(x => net.Forward(x)[0])], targets).Data:F4}"); //> 0.1771

// ── The same, for practice ───────────────────────────────────────────────────────────────────────────────────────────
//
// Whoever has written the loop a few times may leave it to a Trainer. It makes the same four beats, over as many
// examples as you have, and hands you every step as it is made. Set up like ours, it gives our numbers.

net = new Mlp(3, [4, 4, 1], new Rng(5));
var trainer = new Trainer(
    net,
    Objective.SumOfSquares,
    new Sgd(net.Parameters, learningRate),
    Generate.Lesson(),
    options: new TrainerOptions { Epochs = 100, BatchSize = 0 });

foreach (TrainingStep step in trainer.Run())
{
    if (step.Step + 1 is 1 or 2 or 5 or 10 or 20 or 50 or 100)
        Console.WriteLine($"step {step.Step + 1,3}  loss {step.Loss:F4}  promised change {step.PredictedChange,7:F4}");
}
//> step   1  loss 5.5566  promised change -2.0020
//> step   2  loss 3.7144  promised change -1.2639
//> step   5  loss 1.4326  promised change -0.4991
//> step  10  loss 0.2252  promised change -0.0529
//> step  20  loss 0.0525  promised change -0.0044
//> step  50  loss 0.0135  promised change -0.0004
//> step 100  loss 0.0057  promised change -0.0001

// And there is the instrument of lesson 4, the change that the gradient promises. From the first step to the second the
// loss fell from 5.5566 to 3.7144, by 1.84, where 2.00 was promised: a bold step, and not too bold.
//
// You know what a gradient is, where it comes from, what it is good for, and how the loop goes wrong; `nudge lab` has a
// few ways more. That is all of training. Now let the command do it on more than four examples, in colour:
//
//     dotnet run -c Release --project src/Nudge.Cli -- train
//
// Or go on. The same four lines can learn to write, and the next lessons lead from counting letters to a GPT:
//
//     dotnet run lessons/06-cross-entropy-and-counting.cs
