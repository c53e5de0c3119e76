"""Despatch advices: what a supplier says is on its way, of one order or several, and in which packages.

Speaks of despatch advices, their lines, batches, packages with SSCC, carriers and tracking numbers (UBL DespatchAdvice,
Peppol BIS Despatch Advice 3). It never says what arrived: receipts do, and tell each line how much of it came.
"""
