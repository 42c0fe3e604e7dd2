Console.WriteLine("nudge");
